using FellowOakDicom;
using HSENet.TestKit;

namespace HSENet.EndToEnd.Tests.Receiving;

/// <summary>A disk that takes bytes and cannot keep them: strace makes every fsync of the running worker fail. The row was on its way by then.</summary>
public sealed class FailingDiskTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData("EIO", 0x0110)]
    [InlineData("ENOSPC", 0xA700)]
    public async Task An_instance_whose_sync_fails_is_refused_and_leaves_neither_row_nor_file(string error, int expected)
    {
        await using var gateway = await GatewayProcess.StartAsync();
        var series = new CtSeriesBuilder { SliceCount = 3 };
        await using var peer = await RawPeer.AssociateAsync(gateway.Port);
        Assert.Equal(0x0000, await StoreAsync(peer, series, 0));

        await using (var failing = await FailSyncsAsync(gateway.Worker.Process.Id, error))
        {
            Assert.Equal(expected, await StoreAsync(peer, series, 1));
            await failing.TerminateAsync(Deadline);
        }

        Assert.Equal([1L], await gateway.QueryAsync<long>("select count(*) from instance"));
        Assert.Equal([1], await gateway.QueryAsync<int>("select instance_count from series"));
        Assert.Equal([1], await gateway.QueryAsync<int>("select stored_count from association_series"));
        Assert.Single(gateway.StoredFiles());
        Assert.Empty(Directory.GetFiles(Path.Combine(gateway.Spool, "incoming")));

        Assert.Equal(0x0000, await StoreAsync(peer, series, 1));
        Assert.Equal(0x0000, await StoreAsync(peer, series, 2));
        await peer.ReleaseAsync();
        Assert.Equal(3, gateway.StoredFiles().Length);
        Assert.Equal([3], await gateway.QueryAsync<int>("select instance_count from series"));
    }

    private static async Task<ushort> StoreAsync(RawPeer peer, CtSeriesBuilder series, int slice)
    {
        using var stream = new MemoryStream();
        await new DicomFile(series.DataSet(slice)).SaveAsync(stream);
        return (await peer.StoreAsync(series.SliceUid(slice), RawPeer.DataSetOf(stream.ToArray()))).Status;
    }

    /// <summary>Until the process that is returned ends.</summary>
    private static async Task<ChildProcess> FailSyncsAsync(int processId, string error)
    {
        var strace = Requirement.Tool("strace");
        var child = ChildProcess.Start(strace, ["-f", "-e", "trace=fsync", "-e", $"inject=fsync:error={error}", "-p", $"{processId}"]);
        await Until.TrueAsync(
            () => child.HasExited || child.Text(isError: true).Contains("attached", StringComparison.Ordinal), Deadline, "strace is attached");
        if (child.HasExited)
            Assert.Skip($"No process may be traced here: {child.Tail()}");
        return child;
    }
}
