using System.IO.Compression;
using FellowOakDicom;
using FellowOakDicom.Network;

namespace HSENet.Toolkit.Tests.Network;

/// <summary>Data sets that travel deflated and are parsed as a whole: few bytes on the wire may stand for many.</summary>
public sealed class DeflatedMessageTests
{
    private const string Deflated = "1.2.840.10008.1.2.1.99";

    /// <summary>What the toolkit allows, before and after inflation.</summary>
    private const int Limit = 16 * 1024 * 1024;

    public static TheoryData<string, byte[]> Requests => new()
    {
        { Wire.StudyRootFind, Wire.FindCommand(5) },
        { Wire.StorageCommitment, Wire.ActionCommand(5, Wire.StorageCommitmentInstance) },
    };

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task A_request_that_inflates_to_the_limit_is_served(string sopClass, byte[] command)
    {
        var script = new Script { Negotiate = AcceptDeflated };
        using var server = Start(sopClass, script);
        using var peer = await AssociatedAsync(server.Port, sopClass);
        await SendAsync(peer, command, Deflate(DatasetOf(Limit)));

        Assert.Equal(0, (await peer.ReadResponseAsync()).Status);
        AssertServed(script, Limit);
    }

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task A_request_that_inflates_beyond_the_limit_is_refused_and_the_next_one_served(string sopClass, byte[] command)
    {
        var script = new Script { Negotiate = AcceptDeflated };
        using var server = Start(sopClass, script);
        using var peer = await AssociatedAsync(server.Port, sopClass);
        foreach (var length in new[] { Limit + 2, 60 * 1024 * 1024 })
        {
            var data = Deflate(DatasetOf(length));
            Assert.InRange(data.Length, 1, 100_000);
            await SendAsync(peer, command, data);
            var answer = await peer.ReadResponseAsync();
            Assert.Equal((0x0213, 5), (answer.Status, answer.RequestId));
        }

        Assert.Empty(script.Requests);
        await SendAsync(peer, command, Deflate(DatasetOf(100)));
        Assert.Equal(0, (await peer.ReadResponseAsync()).Status);
        AssertServed(script, 100);
    }

    [Theory]
    [InlineData(100, true)]
    [InlineData(Limit + 2, false)]
    public async Task A_match_that_inflates_beyond_the_limit_ends_the_association(int length, bool isTaken)
    {
        using var listener = new RawListener();
        var client = TestServer.Client(listener.Port);
        var contexts = new DicomPresentationContextCollection();
        contexts.Add(DicomUID.StudyRootQueryRetrieveInformationModelFind, DicomTransferSyntax.DeflatedExplicitVRLittleEndian);
        client.AdditionalPresentationContexts.AddRange(contexts);
        var find = DicomCFindRequest.CreateStudyQuery();
        var seen = new List<DicomStatus>();
        find.OnResponseReceived += (_, response) => seen.Add(response.Status);
        await client.AddRequestAsync(find);
        var sending = client.SendAsync();
        using var peer = await listener.AcceptAsync();
        var request = await peer.ReadAsync(1);
        var context = RawListener.Proposed(request).Single(c => c.Syntaxes is [Deflated]).Id;
        await peer.SendAsync(RawListener.Accept(request, 0));
        var asked = await peer.ReadCommandAsync();
        await peer.ReadDatasetAsync();
        await SendAsync(
            peer,
            Wire.Command(
                Wire.Element(0x0100, Wire.Little16(0x8020)), Wire.Element(0x0120, asked[0x0110]), Wire.Element(0x0800, Wire.Little16(1)),
                Wire.Element(0x0900, Wire.Little16(0xFF00))),
            Deflate(DatasetOf(length)),
            context);
        if (!isTaken)
        {
            await peer.ReadAsync(7);
            await Assert.ThrowsAnyAsync<DicomNetworkException>(() => sending);
            Assert.Empty(seen);
            return;
        }

        await peer.SendAsync(RawListener.Response(context, asked[0x0110], 0x0020));
        await peer.ReadAsync(5);
        await peer.SendAsync(Wire.Pdu(6, new byte[4]));
        await sending;
        Assert.Equal([DicomStatus.Pending, DicomStatus.Success], seen);
    }

    private static IDicomServer Start(string sopClass, Script script) =>
        sopClass == Wire.StudyRootFind ? TestServer.Start<QueryScp>(script) : TestServer.Start<NormalizedScp>(script);

    private static void AssertServed(Script script, int length)
    {
        var value = Assert.Single(script.Requests).Dataset!.GetDicomItem<DicomElement>(new DicomTag(0x0042, 0x0011));
        Assert.Equal(length - 12, (int)value.Length);
    }

    private static void AcceptDeflated(DicomAssociation association) =>
        Assert.True(Assert.Single(association.PresentationContexts).AcceptTransferSyntaxes(DicomTransferSyntax.DeflatedExplicitVRLittleEndian));

    private static async Task<RawPeer> AssociatedAsync(int port, string sopClass)
    {
        var peer = await RawPeer.ConnectAsync(port);
        await peer.SendAsync(Wire.AssociateRequest(Wire.Context(1, sopClass, Deflated), Wire.UserInformation(0)));
        Assert.Equal(new RawResult(1, 0, Deflated), Assert.Single(RawPeer.Results(await peer.ReadAsync(2))));
        return peer;
    }

    private static Task SendAsync(RawPeer peer, byte[] command, byte[] data, byte context = 1)
    {
        var pieces = data.Chunk(8000).ToList();
        return peer.SendDataAsync(
            [Wire.Pdv(context, true, true, command), .. pieces.Select((piece, i) => Wire.Pdv(context, false, i == pieces.Count - 1, piece))]);
    }

    /// <summary>One element of zeros in explicit little endian, as long in all as told.</summary>
    private static byte[] DatasetOf(int length)
    {
        var bytes = new byte[length];
        byte[] head = [0x42, 0, 0x11, 0, (byte)'O', (byte)'B', 0, 0, .. Wire.Little32((uint)length - 12)];
        head.CopyTo(bytes, 0);
        return bytes;
    }

    private static byte[] Deflate(byte[] data)
    {
        using var output = new MemoryStream();
        using (var deflate = new DeflateStream(output, CompressionLevel.Optimal, leaveOpen: true))
        {
            deflate.Write(data);
        }

        return output.ToArray();
    }
}
