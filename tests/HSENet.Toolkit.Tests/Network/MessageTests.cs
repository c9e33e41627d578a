using System.Text;
using FellowOakDicom;
using FellowOakDicom.Network;

namespace HSENet.Toolkit.Tests.Network;

/// <summary>Requests in every shape that the standard allows, and their answers.</summary>
public sealed class MessageTests
{
    [Fact]
    public async Task An_echo_is_answered()
    {
        using var server = TestServer.Start<ScriptedScp>(new Script());
        using var peer = await RawPeer.AssociatedAsync(server.Port);
        await peer.SendEchoAsync(4711);
        var response = await peer.ReadResponseAsync();

        Assert.Equal((0, 4711), (response.Status, response.RequestId));
        Assert.Equal(Wire.Uid(Wire.Verification), response.Elements[0x0002]);
        Assert.Equal(Wire.Little16(0x8030), response.Elements[0x0100]);
        Assert.Equal(Wire.Little16(0x0101), response.Elements[0x0800]);
    }

    [Fact]
    public async Task A_response_has_a_true_group_length_and_names_the_instance()
    {
        using var server = TestServer.Start<RawScp>(new Script());
        using var peer = await RawPeer.AssociatedAsync(server.Port);
        await peer.SendStoreAsync(2, [1, 2, 3, 4], "1.2.3");
        var command = (await peer.ReadAsync(4))[6..];
        var elements = Wire.ReadCommand(command);

        Assert.Equal(Wire.Little32((uint)command.Length - 12), elements[0]);
        Assert.Equal(elements.Keys.Order(), elements.Keys);
        Assert.Equal(Wire.Uid("1.2.3"), elements[0x1000]);
        Assert.Equal(Wire.Little16(0x8001), elements[0x0100]);
    }

    [Fact]
    public async Task A_message_that_comes_byte_by_byte_is_understood()
    {
        var script = new Script();
        using var server = TestServer.Start<RawScp>(script);
        using var peer = await RawPeer.AssociatedAsync(server.Port);
        var data = Bytes(33);
        var message = Wire.Concat(
            Wire.Pdu(4, Wire.Pdv(3, true, true, Wire.StoreCommand(1))), Wire.Pdu(4, Wire.Pdv(3, false, false, data[..7])),
            Wire.Pdu(4, Wire.Pdv(3, false, true, data[7..])));
        foreach (var single in message)
        {
            await peer.SendAsync([single]);
        }

        Assert.Equal(0, (await peer.ReadResponseAsync()).Status);
        Assert.Equal(data, Assert.Single(script.Stored).Bytes);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(200)]
    public async Task Command_and_data_in_fragments_of_any_size_are_put_together(int size)
    {
        var script = new Script();
        using var server = TestServer.Start<RawScp>(script);
        using var peer = await RawPeer.AssociatedAsync(server.Port);
        var data = Bytes(501);
        await peer.SendDataAsync([.. Fragments(3, true, Wire.StoreCommand(1), size), .. Fragments(3, false, data, size)]);

        Assert.Equal(0, (await peer.ReadResponseAsync()).Status);
        Assert.Equal(data, Assert.Single(script.Stored).Bytes);
    }

    [Fact]
    public async Task All_values_of_two_messages_may_share_one_pdu()
    {
        var script = new Script();
        using var server = TestServer.Start<RawScp>(script);
        using var peer = await RawPeer.AssociatedAsync(server.Port);
        var data = Bytes(500);
        await peer.SendAsync(Wire.Pdu(
            4,
            Wire.Concat(Fragments(3, true, Wire.StoreCommand(1), 50)), Wire.Concat(Fragments(3, false, data, 99)), Wire.Pdv(1, true, true, Wire.EchoCommand(2))));

        Assert.Equal(1, (await peer.ReadResponseAsync()).RequestId);
        Assert.Equal(2, (await peer.ReadResponseAsync()).RequestId);
        Assert.Equal(data, Assert.Single(script.Stored).Bytes);
    }

    [Fact]
    public async Task An_empty_last_value_ends_a_data_set()
    {
        var script = new Script();
        using var server = TestServer.Start<RawScp>(script);
        using var peer = await RawPeer.AssociatedAsync(server.Port);
        var data = Bytes(64);
        await peer.SendDataAsync(
            Wire.Pdv(3, true, true, Wire.StoreCommand(1)), Wire.Pdv(3, false, false, data), Wire.Pdv(3, false, true, []));

        Assert.Equal(0, (await peer.ReadResponseAsync()).Status);
        Assert.Equal(data, Assert.Single(script.Stored).Bytes);
    }

    [Fact]
    public async Task A_response_leaves_in_one_write()
    {
        var tls = new CountingTls();
        using var server = TestServer.Start<RawScp>(new Script(), tls);
        using var peer = await RawPeer.AssociatedAsync(server.Port);
        var negotiation = tls.Writes;
        await peer.SendStoreAsync(1, Bytes(5000));
        await peer.ReadResponseAsync();
        await peer.SendEchoAsync(2);
        await peer.ReadResponseAsync();

        Assert.Equal((1, 3), (negotiation, tls.Writes));
    }

    [Fact]
    public async Task A_peers_tiny_maximum_length_splits_the_response()
    {
        var tls = new CountingTls();
        using var server = TestServer.Start<ScriptedScp>(new Script(), tls);
        using var peer = await RawPeer.AssociatedAsync(server.Port, maximumLength: 32);
        await peer.SendEchoAsync(1);
        var first = await peer.ReadAsync(4);

        Assert.InRange(first.Length, 8, 32);
        Assert.Equal(1, first[5]);
        Assert.Equal(2, tls.Writes);
    }

    [Theory]
    [InlineData(0x0020)]
    [InlineData(0x0021)]
    [InlineData(0x0010)]
    [InlineData(0x0130)]
    [InlineData(0x0100)]
    [InlineData(0x7777)]
    public async Task A_command_that_is_not_served_is_an_unrecognized_operation(ushort field)
    {
        using var server = TestServer.Start<ScriptedScp>(new Script());
        using var peer = await RawPeer.AssociatedAsync(server.Port);
        var command = Wire.Command(
            Wire.Element(0x0003, Wire.Uid(Wire.Verification)),
            Wire.Element(0x0100, Wire.Little16(field)),
            Wire.Element(0x0110, Wire.Little16(3)),
            Wire.Element(0x0800, Wire.Little16(1)),
            Wire.Element(0x1001, Wire.Uid("1.2.3")));
        await peer.SendDataAsync(Wire.Pdv(1, true, true, command), Wire.Pdv(1, false, true, Bytes(100)));
        var response = await peer.ReadResponseAsync();

        Assert.Equal((0x0211, 3), (response.Status, response.RequestId));
        Assert.Equal(Wire.Little16((ushort)(field | 0x8000)), response.Elements[0x0100]);
        await peer.SendEchoAsync(4);
        Assert.Equal(0, (await peer.ReadResponseAsync()).Status);
    }

    [Fact]
    public async Task A_cancel_and_an_answer_nobody_asked_for_are_passed_over()
    {
        using var server = TestServer.Start<ScriptedScp>(new Script());
        using var peer = await RawPeer.AssociatedAsync(server.Port);
        var cancel = Wire.Command(
            Wire.Element(0x0100, Wire.Little16(0x0FFF)), Wire.Element(0x0120, Wire.Little16(1)), Wire.Element(0x0800, Wire.Little16(0x0101)));
        var answer = Wire.Command(
            Wire.Element(0x0100, Wire.Little16(0x8020)), Wire.Element(0x0120, Wire.Little16(77)), Wire.Element(0x0800, Wire.Little16(1)));
        await peer.SendDataAsync(Wire.Pdv(1, true, true, cancel), Wire.Pdv(1, true, true, answer), Wire.Pdv(1, false, true, Bytes(10)));
        await peer.SendEchoAsync(4);

        Assert.Equal(4, (await peer.ReadResponseAsync()).RequestId);
    }

    [Fact]
    public async Task A_handler_that_fails_gives_0110_and_the_next_request_is_served()
    {
        var calls = 0;
        var script = new Script
        {
            OnEcho = request => ++calls == 1
                ? throw new InvalidOperationException("Doe^John")
                : Task.FromResult(new DicomCEchoResponse(request, DicomStatus.Success)),
        };
        using var server = TestServer.Start<ScriptedScp>(script);
        using var peer = await RawPeer.AssociatedAsync(server.Port);
        await peer.SendEchoAsync(1);
        var failed = await peer.ReadResponseAsync();
        Assert.Equal(0x0110, failed.Status);
        Assert.DoesNotContain("Doe", Encoding.ASCII.GetString(Wire.Concat(failed.Elements.Values)));

        await peer.SendEchoAsync(2);
        Assert.Equal(0, (await peer.ReadResponseAsync()).Status);
    }

    [Fact]
    public async Task A_handler_without_a_response_gives_0110()
    {
        using var server = TestServer.Start<ScriptedScp>(new Script { OnEcho = _ => Task.FromResult<DicomCEchoResponse>(null!) });
        using var peer = await RawPeer.AssociatedAsync(server.Port);
        await peer.SendEchoAsync(1);

        Assert.Equal(0x0110, (await peer.ReadResponseAsync()).Status);
    }

    [Fact]
    public async Task A_comment_goes_out_cut_to_64_characters_of_the_default_repertoire()
    {
        var status = new DicomStatus(DicomStatus.StorageCannotUnderstand, "Größe " + new string('x', 100));
        var script = new Script { OnStore = request => Task.FromResult(new DicomCStoreResponse(request, status)) };
        using var server = TestServer.Start<RawScp>(script);
        using var peer = await RawPeer.AssociatedAsync(server.Port);
        await peer.SendStoreAsync(1, Bytes(10));
        var response = await peer.ReadResponseAsync();

        Assert.Equal(0xC000, response.Status);
        Assert.Equal("Gr??e " + new string('x', 58), Encoding.ASCII.GetString(response.Elements[0x0902]));
    }

    [Fact]
    public async Task An_instance_for_a_service_that_stores_none_is_refused()
    {
        using var server = TestServer.Start<EchoOnlyScp>(new Script());
        using var peer = await RawPeer.AssociatedAsync(server.Port);
        await peer.SendStoreAsync(1, Bytes(1000));
        Assert.Equal(0x0122, (await peer.ReadResponseAsync()).Status);

        await peer.SendEchoAsync(2);
        Assert.Equal(0, (await peer.ReadResponseAsync()).Status);
    }

    [Fact]
    public async Task An_instance_of_a_class_that_was_not_negotiated_is_refused()
    {
        var script = new Script();
        using var server = TestServer.Start<RawScp>(script);
        using var peer = await RawPeer.AssociatedAsync(server.Port);
        await peer.SendDataAsync(
            Wire.Pdv(3, true, true, Wire.StoreCommand(1, sopClass: Wire.SecondaryCapture)), Wire.Pdv(3, false, true, Bytes(1000)));

        Assert.Equal(0x0122, (await peer.ReadResponseAsync()).Status);
        Assert.Empty(script.Stored);
        Assert.Empty(script.Announced);
    }

    [Theory]
    [InlineData("", true, 0x0120)]
    [InlineData("1.2.3", false, 0xC000)]
    public async Task An_instance_without_uid_or_without_data_set_is_refused(string uid, bool hasDataset, int status)
    {
        var script = new Script();
        using var server = TestServer.Start<RawScp>(script);
        using var peer = await RawPeer.AssociatedAsync(server.Port);
        await peer.SendDataAsync(Wire.Pdv(3, true, true, Wire.StoreCommand(1, uid, hasDataset: hasDataset)));
        if (hasDataset)
        {
            await peer.SendDataAsync(Wire.Pdv(3, false, true, Bytes(1000)));
        }

        Assert.Equal(status, (await peer.ReadResponseAsync()).Status);
        Assert.Empty(script.Stored);
        await peer.SendEchoAsync(2);
        Assert.Equal(0, (await peer.ReadResponseAsync()).Status);
    }

    private static byte[] Bytes(int count) => [.. Enumerable.Range(0, count).Select(i => (byte)(i * 31))];

    private static IEnumerable<byte[]> Fragments(byte context, bool isCommand, byte[] bytes, int size)
    {
        for (var start = 0; start < bytes.Length; start += size)
        {
            var end = Math.Min(start + size, bytes.Length);
            yield return Wire.Pdv(context, isCommand, end == bytes.Length, bytes[start..end]);
        }
    }
}
