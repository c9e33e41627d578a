using System.Net.Security;
using FellowOakDicom;
using HSENet.Dicom.Commitment;
using HSENet.Dicom.Files;
using HSENet.Dicom.Security;
using HSENet.Dicom.Sending;
using HSENet.Dicom.Tests.Commitment;
using HSENet.Dicom.Tests.Receiving;
using HSENet.Dicom.Tests.Sending;
using HSENet.TestKit;

namespace HSENet.Dicom.Tests.Guarding;

/// <summary>
/// Data sets that end a reader which recurses, on every kind of connection and in every message; and what else a toolkit may lack.
/// </summary>
[Trait(SharedProtection.Trait, SharedProtection.Shared)]
public sealed class DeepDataSetTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private static readonly CommitmentReference Reference = new(RawPeer.CtImageStorage, "1.2.3.1");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task No_message_of_a_caller_brings_one_to_the_toolkit(bool isTls)
    {
        using var authority = new TestAuthority();
        var (certificate, key) = authority.Issue("scp");
        using var own = TlsCertificate.Load(certificate, key);
        await using var world = ScpWorld.Start(o => o with
        {
            Commitment = new RecordingCommitment(),
            Tls = isTls ? new TlsListening { Port = 0, Certificate = own } : null,
        });
        var port = isTls ? world.Scp.TlsPort!.Value : world.Port;
        (byte Context, ushort Field, string SopClass)[] messages =
        [
            (1, 0x0020, RawPeer.CtImageStorage), (3, 0x0030, RawPeer.Verification), (1, 0x0130, RawPeer.CtImageStorage), (5, 0x0130, Bytes.Commitment),
            (5, 0x0100, Bytes.Commitment), (5, 0x0140, Bytes.Commitment), (5, 0x0120, Bytes.Commitment), (1, 0x8020, RawPeer.CtImageStorage),
        ];
        foreach (var (context, field, sopClass) in messages)
        {
            await using var peer = await AssociateAsync(port, isTls);
            await peer.SendRequestAsync(context, field, sopClass, Bytes.Nested(16_000));
            if ((field & 0x8000) == 0)
                Assert.Equal(0x04, (await peer.ReceivePduAsync()).Type); // answered, well or not
            Assert.Equal(0x0000, await peer.EchoAsync());
        }

        Assert.Contains(world.Receiver.RefusedMessages, m => m.Code == "message.damaged");
    }

    [Theory]
    [InlineData(0x8030, "a data set of a response")]
    [InlineData(0x0001, "an instance")]
    [InlineData(0x0100, "an event")]
    public async Task No_message_of_a_called_node_brings_one_to_the_toolkit(int field, string what)
    {
        Assert.NotEmpty(what);
        using var scp = new RawScp();
        var serving = scp.ServeAsync((context, message) =>
        [
            Bytes.Pdu(4, Bytes.Value(context, 3, field == 0x8030 ? Bytes.Command(0x8030, message, status: 0) : Bytes.Command((ushort)field, 99))),
            .. Bytes.Nested(16_000).Chunk(100_000).Select(c => Bytes.Pdu(4, Bytes.Value(context, 0, c))),
            Bytes.Pdu(4, Bytes.Value(context, 2, [])),
        ]);
        var limits = new ScuLimits { Response = TimeSpan.FromSeconds(2) };

        var failure = await StoreScu.EchoAsync(new RemoteNode("127.0.0.1", scp.Port, "PACS", "HSENET"), limits, CancellationToken.None).WaitAsync(Deadline);

        Assert.Equal(field == 0x8030, failure is null);
        scp.Dispose();
        await serving.WaitAsync(Deadline);
    }

    [Fact]
    public async Task A_result_of_storage_commitment_that_is_too_deep_is_refused()
    {
        using var scp = new RawScp();
        var requestor = new RecordingCommitment();
        var serving = scp.ServeAsync((context, message) =>
        [
            Bytes.Pdu(4, Bytes.Value(context, 3, Bytes.Command(0x8130, message, hasDataSet: false, status: 0))),
            Bytes.Pdu(4, Bytes.Value(context, 3, Bytes.Command(0x0100, 99))),
            .. Bytes.Nested(16_000).Chunk(100_000).Select(c => Bytes.Pdu(4, Bytes.Value(context, 0, c))),
            Bytes.Pdu(4, Bytes.Value(context, 2, [])),
        ]);

        var node = new RemoteNode("127.0.0.1", scp.Port, "PACS", "HSENET");
        Assert.Null(await CommitmentScu.RequestAsync(node, "1.2.9", [Reference], requestor, CancellationToken.None).WaitAsync(Deadline));

        Assert.Empty(requestor.Results);
        scp.Dispose();
        await serving.WaitAsync(Deadline);
    }

    [Theory]
    [InlineData(0xFF00)]
    [InlineData(0xFF01)]
    public async Task A_called_node_that_keeps_us_waiting_with_pending_responses_is_aborted(int status)
    {
        using var scp = new RawScp();
        var serving = scp.ServeAsync((context, message) => [Bytes.Pdu(4, Bytes.Value(context, 3, Bytes.Command(0x8030, message, hasDataSet: false, status: (ushort)status)))]);
        var limits = new ScuLimits { Response = Deadline };

        var failure = await StoreScu.EchoAsync(new RemoteNode("127.0.0.1", scp.Port, "PACS", "HSENET"), limits, CancellationToken.None).WaitAsync(Deadline / 2);

        Assert.Equal(("delivery.aborted", true), (failure?.Code, failure?.IsTransient)); // not the answer, and not for good
        scp.Dispose();
        await serving.WaitAsync(Deadline);
    }

    [Fact]
    public async Task An_association_of_ours_has_an_end_whatever_the_called_node_does()
    {
        using var scp = new RawScp();
        var serving = scp.ServeAsync((_, _) => []);
        var limits = new ScuLimits { Longest = TimeSpan.FromSeconds(1), Response = Deadline };

        var failure = await StoreScu.EchoAsync(new RemoteNode("127.0.0.1", scp.Port, "PACS", "HSENET"), limits, CancellationToken.None).WaitAsync(Deadline / 2);

        Assert.Equal(("delivery.timeout", true), (failure?.Code, failure?.IsTransient));
        scp.Dispose();
        await serving.WaitAsync(Deadline);
    }

    [Fact]
    public async Task A_port_is_free_when_its_listener_has_stopped()
    {
        var world = ScpWorld.Start();
        var port = world.Port;
        await world.Scp.StopAsync(TimeSpan.Zero);
        await using var again = ScpWorld.Start(o => o with { Port = port });
        Assert.Equal(port, again.Port);
        await world.DisposeAsync();
    }

    [Fact]
    public void A_report_has_even_lengths_only()
    {
        using var stream = new MemoryStream();
        SampleReport.Create("1.2.345").Save(stream);
        var bytes = stream.ToArray();
        stream.Position = 0;
        var scan = Assert.IsType<ScanResult.Sound>(Part10Scan.Scan(stream));
        Assert.Equal((0, 0), (bytes.Length & 1, scan.Header.ToleratedFaults));
    }

    [Fact]
    [Trait("Weakness", "depth")]
    public void The_reader_of_the_toolkit_itself_may_be_ended_by_one()
    {
        byte[] meta = [.. new byte[128], .. "DICM"u8, 2, 0, 0x10, 0, (byte)'U', (byte)'I', 18, 0, .. "1.2.840.10008.1.2\0"u8];
        using var stream = new MemoryStream([.. meta, .. Bytes.Nested(16_000)]);
        Assert.ThrowsAny<DicomException>(() => DicomFile.Open(stream, FileReadOption.ReadAll));
    }

    private static async Task<RawPeer> AssociateAsync(int port, bool isTls)
    {
        var peer = await RawPeer.RequestAsync(
            port,
            [(RawPeer.CtImageStorage, [RawPeer.ImplicitLittleEndian]), (RawPeer.Verification, [RawPeer.ImplicitLittleEndian]),
                (Bytes.Commitment, [RawPeer.ImplicitLittleEndian])],
            wrap: isTls ? WrapAsync : null);
        Assert.Equal(0x02, (await peer.ReceivePduAsync()).Type);
        return peer;
    }

    private static async Task<Stream> WrapAsync(Stream plain)
    {
#pragma warning disable CA5359 // whose certificate it is does not matter here
        var tls = new SslStream(plain, leaveInnerStreamOpen: false, (_, _, _, _) => true);
#pragma warning restore CA5359
        await tls.AuthenticateAsClientAsync("scp");
        return tls;
    }
}
