using HSENet.TestKit;

namespace HSENet.EndToEnd.Tests.Receiving;

/// <summary>Association requests that are refused again and again, at the real service.</summary>
public sealed class RefusedRequestsTests
{
    private const int Count = 300;
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData("NOBODY", "CT1", "association.called-ae")]
    [InlineData(GatewayProcess.AeTitle, "STRANGER", "association.calling-ae")]
    public async Task Many_within_a_moment_are_the_first_line_and_one_sum(string calledAe, string callingAe, string reason)
    {
        await using var gateway = await GatewayProcess.StartAsync(new Dictionary<string, string?>
        {
            ["Dicom:Sources:0:AeTitle"] = "CT1",
            ["Dicom:Sources:0:Address"] = "127.0.0.1",
        });
        var process = gateway.Worker.Process;
        await RefuseAsync(gateway.Port, calledAe, callingAe);
        await gateway.Worker.WaitForLineAsync(l => l.Contains(reason, StringComparison.Ordinal), Deadline, "the first line, at once");
        var before = process.Lines.Count;
        await Parallel.ForAsync(1, Count, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (_, _) => await RefuseAsync(gateway.Port, calledAe, callingAe));
        var whileRefusing = process.Lines.Skip(before).Select(l => l.Text).ToList();
        Assert.Equal(0, await gateway.Worker.StopAsync(Deadline));

        string Line(int untold) => $"Association of {callingAe} at 127.0.0.1 rejected: {reason} ({untold} more since told)";
        Assert.Equal([Line(0), Line(Count - 1)], process.Lines.Select(l => l.Text).Where(l => l.Contains(reason, StringComparison.Ordinal)).Select(Message));
        Assert.InRange(whileRefusing.Count, 0, 20); // nor any other line for each
        Assert.Equal([$"{reason} 1", $"{reason} {Count - 1}"], await gateway.QueryAsync<string>(
            "select reason || ' ' || (details::jsonb ->> 'count') from audit.event where event = 'association.refused' order by event_id"));
    }

    private static string Message(string line) => line[line.IndexOf("Association of", StringComparison.Ordinal)..];

    private static async Task RefuseAsync(int port, string calledAe, string callingAe)
    {
        await using var peer = await RawPeer.RequestAsync(
            port, [(RawPeer.Verification, [RawPeer.ImplicitLittleEndian])], calledAe: calledAe, callingAe: callingAe);
        Assert.Equal(0x03, (await peer.ReceivePduAsync()).Type);
    }
}
