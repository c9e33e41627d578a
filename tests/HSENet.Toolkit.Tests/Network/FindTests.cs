using System.Runtime.CompilerServices;
using System.Text;
using FellowOakDicom;
using FellowOakDicom.Network;
using FellowOakDicom.Network.Client;

namespace HSENet.Toolkit.Tests.Network;

/// <summary>What our side makes of cancelled and failed queries where the contract leaves it open.</summary>
public sealed class FindTests
{
    [Fact]
    public async Task A_cancel_stops_a_query_that_waits_and_it_ends_with_fe00()
    {
        var script = new Script { Negotiate = Script.AcceptAll, OnFind = OneThenWaitAsync };
        using var server = TestServer.Start<QueryScp>(script);
        using var peer = await RawPeer.AssociatedForAsync(server.Port, Wire.StudyRootFind);
        await Contract.Tests.Network.FindTests.SendFindAsync(peer, 5);
        Assert.Equal(0xFF00, (await peer.ReadResponseAsync()).Status);
        await peer.ReadDatasetAsync();
        await peer.SendDataAsync(Wire.Pdv(1, true, true, Wire.CancelCommand(6)));
        await peer.SendDataAsync(Wire.Pdv(1, true, true, Wire.CancelCommand(5)));
        var end = await peer.ReadResponseAsync();

        Assert.Equal((0xFE00, 5), (end.Status, end.RequestId));
        await Contract.Tests.Network.FindTests.SendFindAsync(peer, 7);
        Assert.Equal((0xFF00, 7), (await peer.ReadResponseAsync()) is var next ? (next.Status, next.RequestId) : default);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_end_of_the_association_stops_a_query(bool isAborted)
    {
        var script = new Script { Negotiate = Script.AcceptAll, OnFind = OneThenWaitAsync };
        using var server = TestServer.Start<QueryScp>(script);
        using var peer = await RawPeer.AssociatedForAsync(server.Port, Wire.StudyRootFind);
        await Contract.Tests.Network.FindTests.SendFindAsync(peer, 5);
        await peer.ReadResponseAsync();
        await peer.ReadDatasetAsync();
        if (isAborted)
        {
            await peer.SendAsync(Wire.Pdu(7, new byte[4]));
        }
        else
        {
            peer.Reset();
        }

        await script.ClosedAsync();
    }

    [Fact]
    public async Task A_query_without_keys_is_refused_and_a_damaged_one_cannot_be_processed()
    {
        var script = new Script { Negotiate = Script.AcceptAll };
        using var server = TestServer.Start<QueryScp>(script);
        using var peer = await RawPeer.AssociatedForAsync(server.Port, Wire.StudyRootFind);
        await peer.SendDataAsync(Wire.Pdv(1, true, true, Wire.Command(
            Wire.Element(0x0002, Wire.Uid(Wire.StudyRootFind)), Wire.Element(0x0100, Wire.Little16(0x0020)),
            Wire.Element(0x0110, Wire.Little16(1)), Wire.Element(0x0800, Wire.Little16(0x0101)))));
        Assert.Equal(0xA900, (await peer.ReadResponseAsync()).Status);
        await peer.SendDataAsync(Wire.Pdv(1, true, true, Wire.FindCommand(2)), Wire.Pdv(1, false, true, [8, 0, 0x52, 0, 0xFF, 0xFF, 0, 0, 1]));
        Assert.Equal(0xC000, (await peer.ReadResponseAsync()).Status);
        Assert.Empty(script.Requests);
    }

    [Fact]
    public async Task A_client_that_is_cancelled_asks_to_stop_and_releases()
    {
        using var listener = new RawListener();
        using var stop = new CancellationTokenSource();
        var client = TestServer.Client(listener.Port);
        client.FallbackEncoding = Encoding.Latin1;
        var find = DicomCFindRequest.CreatePatientQuery();
        var seen = new List<DicomStatus>();
        var names = new List<string>();
        find.OnResponseReceived += (_, response) =>
        {
            seen.Add(response.Status);
            names.Add(response.Dataset?.GetString(DicomTag.PatientName) ?? "");
            stop.Cancel();
        };
        await client.AddRequestAsync(find);
        var sending = client.SendAsync(stop.Token);
        var (peer, _) = await listener.AssociateAsync();
        using var _p = peer;
        var request = await peer.ReadCommandAsync();
        await peer.ReadDatasetAsync();
        await peer.SendDataAsync(
            Wire.Pdv(1, true, true, Wire.Command(
                Wire.Element(0x0100, Wire.Little16(0x8020)), Wire.Element(0x0120, request[0x0110]), Wire.Element(0x0800, Wire.Little16(1)),
                Wire.Element(0x0900, Wire.Little16(0xFF00)))),
            Wire.Pdv(1, false, true, Wire.DataElement(0x0010, 0x0010, [0xD6, (byte)'z'])));
        var cancel = await peer.ReadCommandAsync();
        Assert.Equal(Wire.Little16(0x0FFF), cancel[0x0100]);
        Assert.Equal(request[0x0110], cancel[0x0120]);
        await peer.SendAsync(RawListener.Response(1, request[0x0110], 0x0020, 0xFE00));
        await peer.ReadAsync(5);
        await peer.SendAsync(Wire.Pdu(6, new byte[4]));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        Assert.Equal([DicomStatus.Pending, DicomStatus.Cancel], seen);
        Assert.Equal(["Öz", ""], names);
        Assert.Equal(Encoding.Latin1, client.FallbackEncoding);
    }

    private static async IAsyncEnumerable<DicomCFindResponse> OneThenWaitAsync(
        DicomCFindRequest request, [EnumeratorCancellation] CancellationToken stop)
    {
        yield return new DicomCFindResponse(request, DicomStatus.Pending) { Dataset = new DicomDataset { { DicomTag.PatientID, "1" } } };
        await Task.Delay(Timeout.Infinite, stop);
    }
}
