using HSENet.Dicom.Guarding;
using HSENet.Dicom.Tests.Files;
using HSENet.TestKit;

namespace HSENet.Dicom.Tests.Guarding;

/// <summary>What a toolkit gets to read of what a peer sends.</summary>
public sealed class GuardedStreamTests
{
    private const ushort Find = 0x0020, Echo = 0x0030, EchoResponse = 0x8030, FindResponse = 0x8020, ActionResponse = 0x8130, StoreResponse = 0x8001;

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(int.MaxValue)]
    public async Task An_instance_comes_out_as_it_came_in_whatever_the_pieces(int pieces)
    {
        await using var world = await GuardWorld.StartAsync(pieces);
        var command = Bytes.Command(MessageCommand.Store);
        var data = Bytes.Nested(500);

        var values = await world.ReadValuesAsync(
            Bytes.Pdu(4, Bytes.Value(1, 1, command[..10]), Bytes.Value(1, 3, command[10..]), Bytes.Value(1, 0, data[..100])),
            Bytes.Pdu(4, Bytes.Value(1, 0, []), Bytes.Value(1, 2, data[100..])));

        Assert.Null(world.Fault);
        Assert.Equal((true, true), (values[0].IsCommand, values[0].IsLast));
        Assert.Equal(command, values[0].Data);
        Assert.Equal(data, values.Skip(1).SelectMany(v => v.Data));
        Assert.All(values.Skip(1), v => Assert.False(v.IsCommand));
        Assert.Single(values.Skip(1), v => v.IsLast);
        Assert.True(values[^1].IsLast);
    }

    [Theory]
    [InlineData(16, true)]
    [InlineData(17, false)]
    [InlineData(16_000, false)]
    public async Task A_request_comes_out_with_its_data_set_up_to_a_depth(int depth, bool isLetThrough)
    {
        await using var world = await GuardWorld.StartAsync();
        var data = Bytes.Nested(depth);

        var values = await world.ReadValuesAsync(Message(MessageCommand.Action, 5, data));

        AssertMessage(values, MessageCommand.Action, isLetThrough ? data : null);
        Assert.Equal(isLetThrough ? null : MessageRefusal.TooDeep, world.Messages.TakeRefusal(7));
        Assert.Null(world.Messages.TakeRefusal(7));
    }

    [Theory]
    [InlineData(Find, 1)]
    [InlineData(Echo, 3)]
    [InlineData(MessageCommand.Action, 1)]
    [InlineData(MessageCommand.EventReport, 3)]
    [InlineData(FindResponse, 1)]
    public async Task A_data_set_that_nobody_waits_for_never_reaches_a_parser(ushort field, byte context)
    {
        await using var world = await GuardWorld.StartAsync();
        AssertMessage(await world.ReadValuesAsync(Message(field, context, Bytes.Nested(16_000))), field, null);
        AssertMessage(await world.ReadValuesAsync(Message(Echo, 3, null)), Echo, null); // and the next message is whole
    }

    [Fact]
    public async Task A_data_set_that_nobody_takes_is_not_read_for_ever()
    {
        var limits = GuardLimits.Default with { Unread = 10_000 };
        await using var patient = await GuardWorld.StartAsync(limits: limits);
        AssertMessage(await patient.ReadValuesAsync(Message(Find, 1, new byte[10_000])), Find, null);

        await using var world = await GuardWorld.StartAsync(limits: limits);
        var message = Message(Find, 1, new byte[10_001]);
        Assert.Empty(await world.ReadValuesAsync(message[..^1]));
        await world.ReadAsync(message[^1]);
        Assert.Equal(GuardFault.InvalidParameter, world.Fault?.Reason);
        AssertMessage(await (await GuardWorld.StartAsync(limits: limits)).ReadValuesAsync(Message(MessageCommand.Store, 1, new byte[20_000])), MessageCommand.Store, new byte[20_000]);
    }

    [Fact]
    public async Task Who_may_not_ask_for_commitment_is_not_read()
    {
        await using var world = await GuardWorld.StartAsync(mayAsk: false);
        AssertMessage(await world.ReadValuesAsync(Message(MessageCommand.Action, 5, Bytes.Nested(1))), MessageCommand.Action, null);
        Assert.Equal(MessageRefusal.NotEntitled, world.Messages.TakeRefusal(7));
        Assert.Equal(0, GuardLimits.Default.Memory.InUse);
    }

    [Theory]
    [InlineData("long", false)]
    [InlineData("many items", false)]
    [InlineData("cut", false)]
    [InlineData("20 000 references", true)]
    public async Task A_request_is_let_through_up_to_a_length_and_a_number_of_items(string what, bool isLetThrough)
    {
        var memory = new MessageMemory(128 << 20);
        await using var world = await GuardWorld.StartAsync(limits: new GuardLimits { Memory = memory });
        var data = what switch
        {
            "long" => new DataSetBytes(false).Element(0x00081195, "UI", new byte[2 << 20]).ToArray(),
            "many items" => Bytes.EmptyItems(200_000),
            "cut" => Bytes.Nested(3)[..^20],
            _ => References(20_000),
        };

        AssertMessage(await world.ReadValuesAsync(Message(MessageCommand.Action, 5, data)), MessageCommand.Action, isLetThrough ? data : null);

        Assert.Equal(isLetThrough, memory.InUse > 0);
        await world.WriteAsync(Bytes.Pdu(4, Bytes.Value(5, 3, Bytes.Command(ActionResponse, hasDataSet: false, status: 0))));
        Assert.Equal(0, memory.InUse);
    }

    [Fact]
    public async Task What_all_connections_hold_together_is_bounded_and_given_back()
    {
        var memory = new MessageMemory(8 << 20);
        await using var world = await GuardWorld.StartAsync(limits: new GuardLimits { Memory = memory });
        var data = References(2_000);
        for (ushort message = 1; message <= 4; message++)
            await world.ReadValuesAsync(Message(MessageCommand.Action, 5, data, message));

        Assert.Equal((null, MessageRefusal.TooMuch), (world.Messages.TakeRefusal(1), world.Messages.TakeRefusal(4)));
        Assert.InRange(memory.InUse, 1, 8 << 20);
        for (ushort message = 1; message <= 4; message++)
            await world.WriteAsync(Bytes.Pdu(4, Bytes.Value(5, 3, Bytes.Command(ActionResponse, message, hasDataSet: false, status: 0))));
        Assert.Equal(0, memory.InUse);
        AssertMessage(await world.ReadValuesAsync(Message(MessageCommand.Action, 5, data, 9)), MessageCommand.Action, data);
    }

    [Fact]
    public void What_addresses_of_one_network_of_IPv6_hold_is_one_share()
    {
        var memory = new MessageMemory(1 << 20);
        Assert.True(new HeldMemory(memory, "2001:db8:1:2::1").TryTake(1, 500_000));
        Assert.False(new HeldMemory(memory, "2001:db8:1:2:ffff::2").TryTake(1, 200_000));
        Assert.True(new HeldMemory(memory, "2001:db8:1:3::1").TryTake(1, 200_000));
    }

    /// <summary>The answers of a toolkit that queues them would fill the memory.</summary>
    [Fact]
    public async Task Of_a_peer_that_asks_and_takes_no_answers_only_so_much_is_read()
    {
        byte[][] requests = [.. Enumerable.Range(1, 15).SelectMany(i => Message(Echo, 3, null, (ushort)i))];
        await using var world = await GuardWorld.StartAsync(pieces: requests[0].Length, limits: new GuardLimits { Unanswered = 10 });
        var asked = world.ReadValuesAsync(requests);
        await Until.TrueAsync(() => world.Messages.UnansweredCount == 10, TimeSpan.FromSeconds(30), "no more is read than may be unanswered");
        for (ushort answer = 1; answer <= 6; answer++)
        {
            Assert.False(asked.IsCompleted);
            await world.WriteAsync(Message(EchoResponse, 3, null, answer));
        }

        Assert.Equal(15, (await asked).Count);
    }

    /// <summary>A toolkit would log a failure for each of them; the gate sums them up.</summary>
    [Fact]
    public async Task A_connection_that_is_refused_or_fails_its_handshake_has_only_ended_for_the_toolkit()
    {
        var watch = new MessageWatch("127.0.0.1", GuardLimits.Default);
        var rules = new MessageRules.OfCaller(() => false);
        await using var refused = new GuardedStream(new MemoryStream(), GuardLimits.Default, watch, rules) { IsRefused = true };
        await using var failed = new GuardedStream(new MemoryStream(), GuardLimits.Default, watch, rules)
        {
            Handshake = (_, _) => throw new IOException("no common version"),
        };

        Assert.Equal(0, await refused.ReadAsync(new byte[10]));
        Assert.Equal(0, await failed.ReadAsync(new byte[10]));
    }

    public static TheoryData<string, byte> Breaches => new()
    {
        { "a second request", GuardFault.UnexpectedPdu },
        { "an acceptance", GuardFault.UnexpectedPdu },
        { "type 9", GuardFault.UnrecognizedPdu },
        { "4 GB of data", GuardFault.InvalidParameter },
        { "a value longer than its PDU", GuardFault.InvalidParameter },
        { "an empty PDU", GuardFault.InvalidParameter },
        { "a context that was not accepted", GuardFault.InvalidParameter },
        { "data without a command", GuardFault.InvalidParameter },
        { "a command within a message", GuardFault.InvalidParameter },
        { "an element twice", GuardFault.InvalidParameter },
        { "an element of another group", GuardFault.InvalidParameter },
        { "an undefined length in a command", GuardFault.InvalidParameter },
        { "a command field of four bytes", GuardFault.InvalidParameter },
        { "no data set type", GuardFault.InvalidParameter },
        { "a command of 20 000 bytes", GuardFault.InvalidParameter },
    };

    [Theory]
    [MemberData(nameof(Breaches))]
    public async Task A_breach_of_the_protocol_is_aborted_and_looks_like_an_abort_of_the_peer(string breach, byte reason)
    {
        await using var world = await GuardWorld.StartAsync();
        var store = Bytes.Command(MessageCommand.Store);
        var field = new DataSetBytes(false).Element(0x00000100, "US", Bytes.Number(MessageCommand.Action)).ToArray();
        byte[] sent = breach switch
        {
            "a second request" => Bytes.AssociateRequest(),
            "an acceptance" => Bytes.AssociateAccept(),
            "type 9" => [9],
            "4 GB of data" => [4, 0, 0xFF, 0xFF, 0xFF, 0xFF],
            "a value longer than its PDU" => Bytes.Pdu(4, Bytes.Value(1, 3, store)[..^4]),
            "an empty PDU" => Bytes.Pdu(4),
            "a context that was not accepted" => Message(Echo, 9, null)[0],
            "data without a command" => Bytes.Pdu(4, Bytes.Value(1, 2, [1, 2])),
            "a command within a message" => [.. Message(MessageCommand.Store, 1, null, hasDataSet: true)[0], .. Message(Echo, 3, null)[0]],
            "an element twice" => Bytes.Pdu(4, Bytes.Value(5, 3, [.. store, .. field])),
            "an element of another group" => Bytes.Pdu(4, Bytes.Value(5, 3, [.. store, .. Bytes.Nested(1)])),
            "an undefined length in a command" => Bytes.Pdu(4, Bytes.Value(5, 3, [.. store, 0, 0, 2, 0, 0xFF, 0xFF, 0xFF, 0xFF])),
            "a command field of four bytes" => Bytes.Pdu(4, Bytes.Value(5, 3, new DataSetBytes(false).Element(0x00000100, "US", [1, 0, 0, 0]).ToArray())),
            "no data set type" => Bytes.Pdu(4, Bytes.Value(5, 3, field)),
            _ => Bytes.Pdu(4, Bytes.Value(5, 3, new DataSetBytes(false).Element(0x00000001, "UN", new byte[20_000]).ToArray())),
        };

        var read = await world.ReadAsync(sent);

        byte[] abort = [7, 0, 0, 0, 0, 4, 0, 0, 2, reason];
        Assert.Equal(abort, read[^10..]);
        Assert.Equal(abort, world.SentToPeer);
        Assert.Equal(reason, world.Fault?.Reason);
        Assert.Empty(await world.ReadAsync(Message(Echo, 3, null))); // nothing comes after it
    }

    [Fact]
    public async Task A_node_that_we_called_sends_no_instances()
    {
        await using var world = await GuardWorld.StartAsync(isCalled: true);
        await world.ReadAsync(Message(MessageCommand.Store, 1, Bytes.Nested(16_000)));
        Assert.Equal(GuardFault.UnexpectedPdu, world.Fault?.Reason);
    }

    [Theory]
    [InlineData(StoreResponse, 1, false)]
    [InlineData(ActionResponse, 5, false)]
    [InlineData(FindResponse, 1, true)]
    [InlineData(MessageCommand.EventReport, 5, true)]
    public async Task A_node_that_we_called_sends_no_data_sets_but_those_we_wait_for(ushort field, byte context, bool isWanted)
    {
        await using var world = await GuardWorld.StartAsync(isCalled: true);
        var flat = Bytes.Nested(2);
        AssertMessage(await world.ReadValuesAsync(Message(field, context, flat)), field, isWanted ? flat : null);
        AssertMessage(await world.ReadValuesAsync(Message(field, context, Bytes.Nested(16_000), 8)), field, null);
    }

    [Fact]
    public async Task A_failure_that_is_nobodys_own_is_told()
    {
        await using var world = await GuardWorld.StartAsync();
        world.Messages.AnswerIsOwn(4);
        foreach (var (message, status) in ((ushort, ushort)[])[(1, 0x0000), (2, 0xB000), (3, 0x0122), (4, 0xA700)])
            await world.WriteAsync(Bytes.Pdu(4, Bytes.Value(1, 3, Bytes.Command(StoreResponse, message, hasDataSet: false, status: status))));

        Assert.Equal([new RefusedMessage(StoreResponse, "", 0x0122)], world.Refused);
    }

    private static byte[][] Message(ushort field, byte context, byte[]? data, ushort message = 7, bool hasDataSet = false)
    {
        var command = Bytes.Pdu(4, Bytes.Value(context, 3, Bytes.Command(field, message, hasDataSet || data is not null)));
        return data is null
            ? [command]
            : [command, .. data.Chunk(100_000).Select((c, i) => Bytes.Pdu(4, Bytes.Value(context, (byte)(100_000 * (i + 1) >= data.Length ? 2 : 0), c)))];
    }

    private static void AssertMessage(List<(bool IsCommand, bool IsLast, byte[] Data)> values, ushort field, byte[]? data)
    {
        var command = MessageCommand.Read(values[0].Data);
        Assert.Equal((field, data is not null), (command.Field, command.HasDataSet));
        Assert.Equal(data ?? [], values.Skip(1).SelectMany(v => v.Data));
        Assert.True(values[^1].IsLast);
    }

    private static byte[] References(int count)
    {
        var items = new DataSetBytes(isExplicit: false);
        for (var i = 0; i < count; i++)
        {
            var item = new DataSetBytes(false).Text(0x00081150, "UI", RawPeer.CtImageStorage).Text(0x00081155, "UI", $"1.2.840.99999.1.2.3.{i}").ToArray();
            items.Item((uint)item.Length).Raw(item);
        }

        return new DataSetBytes(false).Text(0x00081195, "UI", "1.2.3").Element(0x00081199, "SQ", items.ToArray()).ToArray();
    }
}
