using HSENet.Dicom.Files;
using HSENet.EndToEnd.Tests.Receiving;

namespace HSENet.EndToEnd.Tests;

/// <summary>An operator sees which DICOM toolkit a service runs on, and that the stand-in is none for a network.</summary>
public sealed class ToolkitNameTests
{
    private const string Warning = "with the stand-in of the DICOM toolkit";

    [Fact]
    public async Task On_an_address_that_others_reach_serve_warns_of_the_stand_in_at_every_start()
    {
        await using var gateway = await GatewayProcess.StartAsync(new Dictionary<string, string?> { ["Dicom:BindAddress"] = "0.0.0.0" });
        for (var start = 0; start < 2; start++)
        {
            var log = gateway.Worker.Process.Text(isError: false) + gateway.Worker.Process.Text(isError: true);
            Assert.Contains($"on {ToolkitIdentity.Text}", log, StringComparison.Ordinal);
            Assert.Equal(ToolkitIdentity.IsStandIn, log.Contains(Warning, StringComparison.Ordinal));
            await gateway.RunAsync();
        }
    }

    [Fact]
    public async Task On_loopback_serve_names_its_toolkit_and_warns_of_nothing()
    {
        await using var gateway = await GatewayProcess.StartAsync();
        var log = gateway.Worker.Process.Text(isError: false) + gateway.Worker.Process.Text(isError: true);
        Assert.Contains($"on {ToolkitIdentity.Text}", log, StringComparison.Ordinal);
        Assert.DoesNotContain(Warning, log, StringComparison.Ordinal);
    }
}
