using System.Collections.Concurrent;
using System.Security.Cryptography;
using FellowOakDicom;
using HSENet.Dicom.Files;
using HSENet.TestKit;
using Npgsql;

namespace HSENet.EndToEnd.Tests.Receiving;

/// <summary>kill -9 while instances come in: what was answered 0000 is there after the restart, what was not may be sent again and ends once.</summary>
public sealed class CrashTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Killed_between_receiving_and_answering_nothing_acknowledged_is_lost_and_the_rest_ends_once()
    {
        const int Answered = 3;
        var series = new CtSeriesBuilder { SliceCount = 8 };
        await using var gateway = await GatewayProcess.StartAsync();
        var acknowledged = new Dictionary<string, byte[]>();
        await using (var peer = await RawPeer.AssociateAsync(gateway.Port))
        {
            for (var slice = 0; slice < Answered; slice++)
                await StoreAsync(peer, series, slice, acknowledged);

            // the row cannot be committed, so the file is in its place and the answer is held back
            await using var connection = new NpgsqlConnection(gateway.Database.OwnerConnectionString);
            await connection.OpenAsync();
            await using var transaction = await connection.BeginTransactionAsync();
            await using (var command = new NpgsqlCommand("lock table series in exclusive mode", connection, transaction))
                await command.ExecuteNonQueryAsync();
            await peer.SendStoreAsync(series.SliceUid(Answered), DataSet(series, Answered));
            await Until.TrueAsync(() => gateway.StoredFiles().Length == Answered + 1, Deadline, "the file is in its place");
            gateway.Worker.Kill();
        }

        await gateway.RunAsync();
        await AssertKeptAsync(gateway, acknowledged);
        await SendAllAsync(gateway, series, Enumerable.Range(0, series.SliceCount).Reverse());

        Assert.Equal(series.SliceCount, gateway.StoredFiles().Length);
        Assert.Equal([series.SliceCount], await gateway.QueryAsync<int>("select instance_count from series"));
        Assert.Equal(["host-stopped", "released"], await gateway.QueryAsync<string>("select ending from association order by opened_at"));
    }

    [Fact]
    public async Task Killed_at_any_point_of_a_series_nothing_acknowledged_is_lost()
    {
        var random = new Random(20250102);
        await using var gateway = await GatewayProcess.StartAsync();
        var everything = new ConcurrentDictionary<string, byte[]>();
        for (var round = 0; round < 5; round++)
        {
            var series = new CtSeriesBuilder { SliceCount = 60, Identity = $"crash {round}" };
            var acknowledged = new ConcurrentDictionary<string, byte[]>();
            var killAfter = random.Next(1, 50);
            var killed = 0;
            var senders = Enumerable.Range(0, 3).Select(async first =>
            {
                try
                {
                    await using var peer = await RawPeer.AssociateAsync(gateway.Port);
                    for (var slice = first; slice < series.SliceCount; slice += 3)
                    {
                        await StoreAsync(peer, series, slice, acknowledged);
                        if (acknowledged.Count >= killAfter && Interlocked.Exchange(ref killed, 1) == 0)
                            gateway.Worker.Kill();
                    }
                }
                catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException or Xunit.Sdk.XunitException && Volatile.Read(ref killed) == 1)
                {
                    // the connection went with the process
                }
            });
            await Task.WhenAll(senders);
            Assert.InRange(acknowledged.Count, killAfter, series.SliceCount - 1);
            foreach (var (uid, digest) in acknowledged)
                everything[uid] = digest;

            await gateway.RunAsync();
            await AssertKeptAsync(gateway, everything);
            await SendAllAsync(gateway, series, Enumerable.Range(0, series.SliceCount).OrderBy(_ => random.Next()));

            Assert.Equal(series.SliceCount * (round + 1), gateway.StoredFiles().Length);
            Assert.Equal([(long)series.SliceCount * (round + 1)], await gateway.QueryAsync<long>("select count(*) from instance"));
            Assert.All(await gateway.QueryAsync<int>("select instance_count from series"), count => Assert.Equal(series.SliceCount, count));
        }

        Assert.Empty(Directory.GetFiles(Path.Combine(gateway.Spool, "incoming")));
        Assert.Empty(Directory.GetFiles(Path.Combine(gateway.Spool, "quarantine")));
    }

    [Fact]
    public async Task Killed_after_the_row_and_before_the_name_the_next_start_puts_the_part_in_its_place()
    {
        var series = new CtSeriesBuilder { SliceCount = 4 };
        await using var gateway = await GatewayProcess.StartAsync();
        var acknowledged = new Dictionary<string, byte[]>();
        await using (var peer = await RawPeer.AssociateAsync(gateway.Port))
        {
            for (var slice = 0; slice < series.SliceCount; slice++)
                await StoreAsync(peer, series, slice, acknowledged);
            gateway.Worker.Kill();
        }

        await gateway.Worker.Process.WaitForExitAsync(Deadline);
        var incoming = Path.Combine(gateway.Spool, "incoming");
        var unnamed = gateway.StoredFiles()[0];
        File.Move(unnamed, Path.Combine(incoming, Path.ChangeExtension(Path.GetFileName(unnamed), ".part")));
        var unknown = gateway.StoredFiles()[0];
        File.Copy(unknown, Path.Combine(incoming, $"{Guid.NewGuid():N}.part"));

        await gateway.RunAsync();

        await AssertKeptAsync(gateway, acknowledged);
        Assert.Equal(series.SliceCount, gateway.StoredFiles().Length);
        Assert.Empty(Directory.GetFiles(incoming));
    }

    private static async Task StoreAsync(RawPeer peer, CtSeriesBuilder series, int slice, IDictionary<string, byte[]> acknowledged)
    {
        var dataSet = DataSet(series, slice);
        var (status, comment) = await peer.StoreAsync(series.SliceUid(slice), dataSet);
        Assert.True(status == 0, $"slice {slice}: {status:X4} {comment}");
        acknowledged[series.SliceUid(slice)] = SHA256.HashData(dataSet);
    }

    private static async Task SendAllAsync(GatewayProcess gateway, CtSeriesBuilder series, IEnumerable<int> slices)
    {
        await using var peer = await RawPeer.AssociateAsync(gateway.Port);
        foreach (var slice in slices)
            await StoreAsync(peer, series, slice, new Dictionary<string, byte[]>());
        await peer.ReleaseAsync();
        await Until.TrueAsync(
            async () => (await gateway.QueryAsync<long>("select count(*) from association where closed_at is null"))[0] == 0, Deadline, "the association is closed");
    }

    /// <summary>Row, file and bytes of each.</summary>
    private static async Task AssertKeptAsync(GatewayProcess gateway, IReadOnlyDictionary<string, byte[]> acknowledged)
    {
        var rows = (await gateway.QueryAsync<(string Uid, Guid Key, byte[] Digest)>("select sop_instance_uid, instance_key, digest from instance"))
            .ToDictionary(row => row.Uid);
        var files = gateway.StoredFiles().ToDictionary(file => Path.GetFileNameWithoutExtension(file));
        foreach (var (uid, digest) in acknowledged)
        {
            Assert.Equal(digest, rows[uid].Digest);
            var file = files[rows[uid].Key.ToString("N")];
            var header = Assert.IsType<ScanResult.Sound>(Part10Scan.Scan(file)).Header;
            var bytes = await File.ReadAllBytesAsync(file);
            Assert.Equal(digest, SHA256.HashData(bytes.AsSpan((int)header.DataSetOffset)));
        }
    }

    private static byte[] DataSet(CtSeriesBuilder series, int slice)
    {
        using var stream = new MemoryStream();
        new DicomFile(series.DataSet(slice)).Save(stream);
        return RawPeer.DataSetOf(stream.ToArray());
    }
}
