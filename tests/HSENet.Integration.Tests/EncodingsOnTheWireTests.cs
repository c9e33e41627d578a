using HSENet.TestKit;

namespace HSENet.Integration.Tests;

/// <summary>One series, sent again in every encoding by a real sender.</summary>
public sealed class EncodingsOnTheWireTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task A_resend_in_another_encoding_is_answered_0000_and_makes_no_second_report()
    {
        var series = new CtSeriesBuilder();
        using var folder = new TempFolder("encodings");
        var files = series.Write(folder.Folder("sent"));
        folder.Folder("lengths");
        foreach (var file in files)
            (await Dcmtk.RunAsync("dcmconv", "+te", "+g", "-e", file, folder.Path("lengths", Path.GetFileName(file)))).Succeeded();
        await using var gateway = await RunningGateway.StartAsync();
        await SendAsync(gateway, folder.Path("sent"), "LittleEndianExplicit", "-xe");
        await ReportedAsync(gateway);
        var instances = await gateway.QueryAsync<string>("select instance_key || ' ' || transfer_syntax_uid from instance order by instance_key");

        await SendAsync(gateway, folder.Path("sent"), "LittleEndianImplicit", "-xi");
        await SendAsync(gateway, folder.Path("sent"), "BigEndianExplicit", "-xb");
        await SendAsync(gateway, folder.Path("lengths"), "LittleEndianExplicit", "-xe");
        await Until.TrueAsync(
            async () => await gateway.CountAsync("select count(*) from association where ending = 'released' and duplicate_count = 12") == 3, Deadline, "three associations of duplicates");

        // a series that was open again would be receiving, or closed as another revision
        Assert.Equal(["closed 1"], await gateway.QueryAsync<string>("select state || ' ' || revision from series"));
        await ReportedAsync(gateway);
        Assert.Equal(instances, await gateway.QueryAsync<string>("select instance_key || ' ' || transfer_syntax_uid from instance order by instance_key"));
        Assert.Equal(series.SliceCount, Directory.GetFiles(Path.Combine(gateway.Spool, "series"), "*.dcm", SearchOption.AllDirectories).Length);
        Assert.Empty(Directory.GetFiles(Path.Combine(gateway.Spool, "quarantine")));
        Assert.Equal(0, await gateway.CountAsync("select count(*) from audit.event where event like 'instance.%'"));
    }

    private static async Task SendAsync(RunningGateway gateway, string folder, string syntax, string option)
    {
        var sent = (await Dcmtk.StoreAsync(gateway.Port, "HSENET", folder, ["-d", option])).Succeeded();
        Assert.Contains($"Accepted Transfer Syntax: ={syntax}", sent.Everything, StringComparison.Ordinal);
        Assert.Equal(12, sent.Everything.Split("DIMSE Status").Count(part => part.Contains("0x0000: Success", StringComparison.Ordinal)));
    }

    private static async Task ReportedAsync(RunningGateway gateway)
    {
        await Until.TrueAsync(async () => await gateway.CountAsync("select count(*) from draft") > 0, Deadline, "a report");
        Assert.Equal(["drafted"], await gateway.QueryAsync<string>("select state from job"));
    }
}
