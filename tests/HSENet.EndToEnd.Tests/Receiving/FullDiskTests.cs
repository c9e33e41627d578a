using FellowOakDicom;
using HSENet.TestKit;

namespace HSENet.EndToEnd.Tests.Receiving;

/// <summary>A disk that is really full: the worker's data directory is a file system of 12 MiB in memory, mounted for the worker alone.</summary>
public sealed class FullDiskTests
{
    private const int PixelBytes = 16 << 20;

    [Fact]
    public async Task A_full_disk_is_answered_A700_leaves_no_partial_file_and_the_association_lives()
    {
        using var mountPoint = new TempFolder("disk");
        await using var gateway = await GatewayProcess.StartAsync(under: await MountAsync(mountPoint.Root), dataDirectory: mountPoint.Root);
        var disk = $"/proc/{gateway.Worker.Process.Id}/root{gateway.DataDirectory}"; // as the worker sees it
        var series = new CtSeriesBuilder { SliceCount = 4 };
        var huge = series with { Identity = "huge", EditPixels = (_, _) => new byte[PixelBytes] };
        await using var peer = await RawPeer.AssociateAsync(gateway.Port);

        Assert.Equal(0x0000, await StoreAsync(peer, series, 0));
        Assert.Equal(0xA700, await StoreAsync(peer, huge, 0)); // begins with 10 MiB free; ENOSPC on the way
        Assert.Empty(Directory.GetFiles($"{disk}/spool/incoming"));
        Assert.Equal(0x0000, await peer.EchoAsync());
        Assert.Equal(0x0000, await StoreAsync(peer, series, 1));

        // less than Spool:MinimumFreeSpace, 1 MiB
        await File.WriteAllBytesAsync($"{disk}/filler", new byte[11 << 20]);
        Assert.Equal(0xA700, await StoreAsync(peer, series, 2));
        await using (var late = await RawPeer.RequestAsync(gateway.Port, [(RawPeer.CtImageStorage, [RawPeer.ExplicitLittleEndian])]))
            Assert.Equal([0, 2, 3, 1], (await late.ReceivePduAsync()).Body);

        File.Delete($"{disk}/filler");
        Assert.Equal(0x0000, await StoreAsync(peer, series, 2));
        await peer.ReleaseAsync();

        Assert.Equal(3, Directory.GetFiles($"{disk}/spool/series", "*.dcm", SearchOption.AllDirectories).Length);
        Assert.Equal([3L], await gateway.QueryAsync<long>("select count(*) from instance"));
        await Until.TrueAsync(
            async () => await gateway.QueryAsync<string>("select event || ' ' || reason || ' ' || (details::jsonb ->> 'count') from audit.event where event = 'instance.refused'")
                is ["instance.refused spool.short 2"],
            TimeSpan.FromSeconds(30),
            "the audit tells how many instances were refused");
        Assert.Contains("spool.short", await gateway.QueryAsync<string>("select reason from audit.event where event = 'association.refused'"));
    }

    private static async Task<ushort> StoreAsync(RawPeer peer, CtSeriesBuilder series, int slice)
    {
        using var stream = new MemoryStream();
        await new DicomFile(series.DataSet(slice)).SaveAsync(stream);
        return (await peer.StoreAsync(series.SliceUid(slice), RawPeer.DataSetOf(stream.ToArray()))).Status;
    }

    private static async Task<IReadOnlyList<string>> MountAsync(string mountPoint)
    {
        string[] privileges = Environment.IsPrivilegedProcess ? [] : ["--map-root-user"];
        string[] command = ["--mount", .. privileges, "sh", "-c", "mount -t tmpfs -o size=12m tmpfs \"$0\" && exec \"$@\"", mountPoint];
        var probe = await Dcmtk.RunAsync("unshare", [.. command, "true"]);
        if (probe.ExitCode != 0)
            Assert.Skip($"No file system may be mounted here: {probe.Error}");
        return [Requirement.Tool("unshare"), .. command];
    }
}
