using FellowOakDicom;
using FellowOakDicom.Network;

namespace HSENet.Toolkit.Tests.Network;

/// <summary>Instances through the two receive hooks: kept as they come, whatever they are.</summary>
public sealed class RawReceiveTests
{
    [Theory]
    [InlineData(3, Wire.ImplicitLittle)]
    [InlineData(5, Wire.ExplicitLittle)]
    public async Task The_bytes_and_the_identity_of_an_instance_arrive_as_sent(byte context, string syntax)
    {
        var script = new Script();
        using var server = TestServer.Start<RawScp>(script);
        using var peer = await RawPeer.AssociatedAsync(server.Port);
        var data = new byte[300_001];
        new Random(1).NextBytes(data);
        await peer.SendDataAsync(
            Wire.Pdv(context, true, true, Wire.StoreCommand(1, "1.2.3.4.5.6")),
            Wire.Pdv(context, false, false, data[..200_000]),
            Wire.Pdv(context, false, true, data[200_000..]));
        Assert.Equal(0, (await peer.ReadResponseAsync()).Status);

        var stored = Assert.Single(script.Stored);
        Assert.Equal(data, stored.Bytes);
        Assert.Equal("1.2.3.4.5.6", stored.Uid);
        Assert.Null(stored.File);
        Assert.Null(stored.Request.Dataset);
        Assert.Equal(Wire.CtImageStorage, stored.Request.SOPClassUID?.UID);
        Assert.Equal(syntax, stored.Request.TransferSyntax.UID.UID);
        Assert.Equal(context, stored.Request.PresentationContext?.ID);
        Assert.Equal(DicomPriority.Medium, stored.Request.Priority);
        Assert.True(stored.Request.HasDataset);

        var meta = Assert.Single(script.Announced).FileMetaInfo;
        Assert.Equal("1.2.3.4.5.6", meta.MediaStorageSOPInstanceUID.UID);
        Assert.Equal(Wire.CtImageStorage, meta.MediaStorageSOPClassUID.UID);
        Assert.Equal(syntax, meta.TransferSyntax.UID.UID);
        Assert.Equal("CALLING", meta.SourceApplicationEntityTitle);
        Assert.Equal(DicomImplementation.ClassUID, meta.ImplementationClassUID);
    }

    [Fact]
    public async Task The_announced_file_saves_as_the_head_of_a_file()
    {
        var script = new Script
        {
            Open = file =>
            {
                var stream = new MemoryStream();
                file.Save(stream);
                return stream;
            },
        };
        using var server = TestServer.Start<RawScp>(script);
        using var peer = await RawPeer.AssociatedAsync(server.Port);
        await peer.SendStoreAsync(1, [0x10, 0, 0x20, 0, 2, 0, 0, 0, (byte)'7', (byte)' '], "1.2.3");
        Assert.Equal(0, (await peer.ReadResponseAsync()).Status);

        var file = DicomFile.Open(new MemoryStream(Assert.Single(script.Stored).Bytes!));
        Assert.Equal("7", file.Dataset.GetString(DicomTag.PatientID));
        Assert.Equal("1.2.3", file.FileMetaInfo.MediaStorageSOPInstanceUID.UID);
        Assert.Equal(DicomTransferSyntax.ImplicitVRLittleEndian, file.FileMetaInfo.TransferSyntax);
    }

    [Fact]
    public async Task A_bomb_of_nested_sequences_is_answered_and_the_service_lives()
    {
        var script = new Script();
        using var server = TestServer.Start<RawScp>(script);
        using var peer = await RawPeer.AssociatedAsync(server.Port);
        var bomb = Bomb(100_000);
        await peer.SendDataAsync([Wire.Pdv(3, true, true, Wire.StoreCommand(1)), .. Cut(bomb)]);
        Assert.Equal(0, (await peer.ReadResponseAsync()).Status);
        Assert.Equal(bomb, Assert.Single(script.Stored).Bytes);

        await peer.SendStoreAsync(2, [1, 2]);
        Assert.Equal(0, (await peer.ReadResponseAsync()).Status);
    }

    [Fact]
    public async Task A_bomb_for_a_service_that_parses_is_answered_with_a_failure_and_the_service_lives()
    {
        var script = new Script();
        using var server = TestServer.Start<ScriptedScp>(script);
        using var peer = await RawPeer.AssociatedAsync(server.Port);
        await peer.SendDataAsync([Wire.Pdv(3, true, true, Wire.StoreCommand(1)), .. Cut(Bomb(100_000))]);
        Assert.Equal(0x0110, (await peer.ReadResponseAsync()).Status);
        Assert.Equal(["exception DicomFileException"], script.Events);
        Assert.Empty(script.Stored);

        await peer.SendEchoAsync(2);
        Assert.Equal(0, (await peer.ReadResponseAsync()).Status);
    }

    [Fact]
    public async Task An_abort_inside_an_instance_drops_it_and_keeps_those_answered()
    {
        var script = new Script();
        using var server = TestServer.Start<RawScp>(script);
        using (var peer = await RawPeer.AssociatedAsync(server.Port))
        {
            await peer.SendStoreAsync(1, [1, 2, 3, 4], "1.2.1");
            await peer.ReadResponseAsync();
            await peer.SendDataAsync(Wire.Pdv(3, true, true, Wire.StoreCommand(2, "1.2.2")), Wire.Pdv(3, false, false, [5, 6]));
            await peer.SendAsync(Wire.Pdu(7, new byte[4]));
            await peer.ExpectClosedAsync();
        }

        Assert.Null(await script.ClosedAsync());
        Assert.Equal("1.2.1", Assert.Single(script.Stored).Uid);
        Assert.Equal(["stream closed", "abort ServiceUser NotSpecified", "closed"], script.Events);
        using var next = await RawPeer.AssociatedAsync(server.Port);
        await next.SendStoreAsync(1, [5, 6], "1.2.2");
        Assert.Equal(0, (await next.ReadResponseAsync()).Status);
    }

    [Fact]
    public async Task A_connection_lost_inside_an_instance_drops_it()
    {
        var script = new Script();
        using var server = TestServer.Start<RawScp>(script);
        var peer = await RawPeer.AssociatedAsync(server.Port);
        await peer.SendDataAsync(Wire.Pdv(3, true, true, Wire.StoreCommand(2)), Wire.Pdv(3, false, false, [5, 6]));
        await script.FirstData.Task.WaitAsync(TimeSpan.FromSeconds(20));
        peer.Reset();

        Assert.NotNull(await script.ClosedAsync());
        Assert.Empty(script.Stored);
        Assert.Equal(["stream closed", "closed"], script.Events);
    }

    [Fact]
    public async Task A_connection_closed_inside_a_pdu_drops_the_instance()
    {
        var script = new Script();
        using var server = TestServer.Start<RawScp>(script);
        using (var peer = await RawPeer.AssociatedAsync(server.Port))
        {
            await peer.SendDataAsync(Wire.Pdv(3, true, true, Wire.StoreCommand(2)));
            await peer.SendAsync([4, 0, 0, 0, 1, 0, 0, 0]);
        }

        Assert.IsAssignableFrom<DicomNetworkException>(await script.ClosedAsync());
        Assert.Empty(script.Stored);
    }

    [Fact]
    public async Task A_release_inside_an_instance_drops_it()
    {
        var script = new Script();
        using var server = TestServer.Start<RawScp>(script);
        using var peer = await RawPeer.AssociatedAsync(server.Port);
        await peer.SendDataAsync(Wire.Pdv(3, true, true, Wire.StoreCommand(2)), Wire.Pdv(3, false, false, [5, 6]));
        await peer.SendAsync(Wire.Pdu(5, new byte[4]));

        await peer.ReadAsync(6);
        Assert.Empty(script.Stored);
        Assert.Equal(["stream closed", "release"], script.Events);
    }

    [Theory]
    [InlineData("open", 0x0110)]
    [InlineData("write", 0x0110)]
    [InlineData("close", 0x0110)]
    [InlineData("full", 0xA700)]
    public async Task A_store_that_fails_is_answered_and_the_next_instance_works(string where, int status)
    {
        var attempts = 0;
        var script = new Script();
        script.Open = _ =>
        {
            var isFirst = ++attempts == 1;
            return (where, isFirst) switch
            {
                ("open", true) => throw new InvalidOperationException("no"),
                ("write", true) => new BrokenStream(new InvalidOperationException("no")),
                ("full", true) => new BrokenStream(new IOException("No space left on device", 28)),
                _ => new MemoryStream(),
            };
        };
        script.Close = () =>
        {
            if (where == "close" && attempts == 1)
            {
                throw new InvalidOperationException("no");
            }
        };
        using var server = TestServer.Start<RawScp>(script);
        using var peer = await RawPeer.AssociatedAsync(server.Port);
        await peer.SendDataAsync(
            Wire.Pdv(3, true, true, Wire.StoreCommand(1)), Wire.Pdv(3, false, false, new byte[1000]), Wire.Pdv(3, false, true, new byte[1000]));
        Assert.Equal(status, (await peer.ReadResponseAsync()).Status);
        Assert.Empty(script.Stored);
        Assert.Contains(script.Events, e => e.StartsWith("exception", StringComparison.Ordinal));

        await peer.SendStoreAsync(2, [1, 2, 3, 4]);
        Assert.Equal(0, (await peer.ReadResponseAsync()).Status);
        Assert.Equal([1, 2, 3, 4], Assert.Single(script.Stored).Bytes);
    }

    [Fact]
    public async Task A_store_handler_that_fails_gives_0110_and_the_next_instance_works()
    {
        var script = new Script();
        var usual = script.OnStore;
        script.OnStore = request => script.Stored.Count == 1 ? throw new IOException("disk") : usual(request);
        using var server = TestServer.Start<RawScp>(script);
        using var peer = await RawPeer.AssociatedAsync(server.Port);
        await peer.SendStoreAsync(1, [1, 2]);
        Assert.Equal(0x0110, (await peer.ReadResponseAsync()).Status);
        await peer.SendStoreAsync(2, [3, 4]);
        Assert.Equal(0, (await peer.ReadResponseAsync()).Status);
    }

    /// <summary>Sequences of undefined length, one in the other, never closed (PS3.5 7.5).</summary>
    private static byte[] Bomb(int depth) => Wire.Concat(
        Enumerable.Repeat<byte[]>([0x40, 0, 0x75, 2, 0xFF, 0xFF, 0xFF, 0xFF, 0xFE, 0xFF, 0, 0xE0, 0xFF, 0xFF, 0xFF, 0xFF], depth));

    private static IEnumerable<byte[]> Cut(byte[] data)
    {
        var pieces = data.Chunk(100_000).ToList();
        return pieces.Select((piece, i) => Wire.Pdv(3, false, i == pieces.Count - 1, piece));
    }

    private sealed class BrokenStream(Exception exception) : MemoryStream
    {
        public override void Write(byte[] buffer, int offset, int count) => throw exception;
    }
}
