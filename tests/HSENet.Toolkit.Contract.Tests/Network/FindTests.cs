using FellowOakDicom;
using FellowOakDicom.Network;

namespace HSENet.Toolkit.Contract.Tests.Network;

/// <summary>Queries as both sides (PS3.7 9.1.2, PS3.4 C.4.1).</summary>
public sealed class FindTests
{
    [Fact]
    public async Task A_query_reaches_the_service_with_its_keys()
    {
        var script = new Script { Negotiate = Script.AcceptAll };
        using var server = TestServer.Start<QueryScp>(script);
        using var peer = await RawPeer.AssociatedForAsync(server.Port, Wire.StudyRootFind);
        await SendFindAsync(peer, 5);
        var end = await peer.ReadResponseAsync();

        Assert.Equal((0, 5), (end.Status, end.RequestId));
        Assert.Equal(Wire.Little16(0x8020), end.Elements[0x0100]);
        var find = Assert.IsType<DicomCFindRequest>(Assert.Single(script.Requests));
        Assert.Equal((DicomCommandField.CFindRequest, DicomQueryRetrieveLevel.Study), (find.Type, find.Level));
        Assert.Equal("4711", find.Dataset!.GetString(DicomTag.PatientID));
    }

    [Fact]
    public async Task Each_match_is_a_pending_response_with_its_data_set_and_success_is_the_last()
    {
        using var server = TestServer.Start<QueryScp>(new Script { Negotiate = Script.AcceptAll, OnFind = (request, _) => Matches(request, "1", "2") });
        using var peer = await RawPeer.AssociatedForAsync(server.Port, Wire.StudyRootFind);
        await SendFindAsync(peer, 5);
        foreach (var id in new[] { "1", "2" })
        {
            var match = await peer.ReadResponseAsync();
            Assert.Equal((0xFF00, 5), (match.Status, match.RequestId));
            Assert.NotEqual(Wire.Little16(0x0101), match.Elements[0x0800]);
            Assert.Equal(Wire.DataElement(0x0010, 0x0020, Wire.Ascii(id + " ")), await peer.ReadDatasetAsync());
        }

        var end = await peer.ReadResponseAsync();
        Assert.Equal((0, 5), (end.Status, end.RequestId));
        Assert.Equal(Wire.Little16(0x0101), end.Elements[0x0800]);
    }

    [Fact]
    public async Task A_match_may_say_that_optional_keys_are_not_supported()
    {
        var script = new Script
        {
            Negotiate = Script.AcceptAll,
            OnFind = (request, _) => Matches(request, DicomStatus.QueryRetrieveOptionalKeysNotSupported, "1"),
        };
        using var server = TestServer.Start<QueryScp>(script);
        using var peer = await RawPeer.AssociatedForAsync(server.Port, Wire.StudyRootFind);
        await SendFindAsync(peer, 5);

        Assert.Equal(0xFF01, (await peer.ReadResponseAsync()).Status);
    }

    [Fact]
    public async Task A_status_of_the_service_ends_the_query()
    {
        var script = new Script
        {
            Negotiate = Script.AcceptAll,
            OnFind = (request, _) => Matches(request, DicomStatus.Pending, "1").Append(
                new DicomCFindResponse(request, new DicomStatus(DicomStatus.QueryRetrieveOutOfResources, "too many"))),
        };
        using var server = TestServer.Start<QueryScp>(script);
        using var peer = await RawPeer.AssociatedForAsync(server.Port, Wire.StudyRootFind);
        await SendFindAsync(peer, 5);
        await peer.ReadResponseAsync();
        await peer.ReadDatasetAsync();
        var end = await peer.ReadResponseAsync();

        Assert.Equal(0xA700, end.Status);
        Assert.Equal(Wire.Ascii("too many"), end.Elements[0x0902]);
    }

    [Fact]
    public async Task A_client_sees_matches_in_order_and_then_the_end()
    {
        using var server = TestServer.Start<QueryScp>(
            new Script { Negotiate = Script.AcceptAll, OnFind = (request, _) => Matches(request, "1", "2", "3") });
        var client = TestServer.Client(server.Port);
        var find = DicomCFindRequest.CreateStudyQuery(patientId: "4711");
        var seen = new List<(DicomState State, string? Id)>();
        find.OnResponseReceived += (_, response) => seen.Add((response.Status.State, response.Dataset?.GetString(DicomTag.PatientID)));
        await client.AddRequestAsync(find);
        await client.SendAsync().WaitAsync(Eventually.Deadline);

        Assert.Equal(
            [(DicomState.Pending, "1"), (DicomState.Pending, "2"), (DicomState.Pending, "3"), (DicomState.Success, null)], seen);
    }

    [Fact]
    public async Task Two_queries_of_a_client_come_one_after_the_other()
    {
        var script = new Script { Negotiate = Script.AcceptAll, OnFind = (request, _) => Matches(request, "1") };
        using var server = TestServer.Start<QueryScp>(script);
        var client = TestServer.Client(server.Port);
        var seen = new List<string>();
        foreach (var name in new[] { "a", "b" })
        {
            var find = DicomCFindRequest.CreatePatientQuery(patientName: name);
            find.OnResponseReceived += (request, response) => seen.Add($"{request.Dataset!.GetString(DicomTag.PatientName)} {response.Status.State}");
            await client.AddRequestAsync(find);
        }

        await client.SendAsync().WaitAsync(Eventually.Deadline);
        Assert.Equal(["a Pending", "a Success", "b Pending", "b Success"], seen);
    }

    [Fact]
    public async Task A_match_in_many_fragments_is_put_together()
    {
        var name = new string('x', 60);
        using var listener = new RawListener();
        var client = TestServer.Client(listener.Port);
        var find = DicomCFindRequest.CreatePatientQuery();
        var seen = new List<string?>();
        find.OnResponseReceived += (_, response) => seen.Add(response.Dataset?.GetString(DicomTag.PatientName));
        await client.AddRequestAsync(find);
        var sending = client.SendAsync();
        var (peer, _) = await listener.AssociateAsync();
        using var _p = peer;
        var request = await peer.ReadCommandAsync();
        await peer.ReadDatasetAsync();
        var data = Wire.DataElement(0x0010, 0x0010, Wire.Ascii(name));
        var pending = Wire.Command(
            Wire.Element(0x0100, Wire.Little16(0x8020)), Wire.Element(0x0120, request[0x0110]), Wire.Element(0x0800, Wire.Little16(1)),
            Wire.Element(0x0900, Wire.Little16(0xFF00)));
        await peer.SendAsync(Wire.Pdu(4, Wire.Pdv(1, true, false, pending[..11]), Wire.Pdv(1, true, true, pending[11..]), Wire.Pdv(1, false, false, data[..9])));
        await peer.SendAsync(Wire.Pdu(4, Wire.Pdv(1, false, false, data[9..40])), Wire.Pdu(4, Wire.Pdv(1, false, true, data[40..])));
        await peer.SendAsync(RawListener.Response(1, request[0x0110], 0x0020));
        await peer.ReadAsync(5);
        await peer.SendAsync(Wire.Pdu(6, new byte[4]));
        await sending.WaitAsync(Eventually.Deadline);

        Assert.Equal([name, null], seen);
    }

    [Fact]
    public async Task An_association_goes_on_after_a_query_that_failed()
    {
        var script = new Script
        {
            Negotiate = Script.AcceptAll,
            OnFind = (_, _) => throw new InvalidOperationException("Doe^John"),
        };
        using var server = TestServer.Start<QueryScp>(script);
        var client = TestServer.Client(server.Port);
        var states = new List<DicomState>();
        var find = DicomCFindRequest.CreateStudyQuery(patientId: "4711");
        find.OnResponseReceived += (_, response) => states.Add(response.Status.State);
        var echo = new DicomCEchoRequest();
        echo.OnResponseReceived += (_, response) => states.Add(response.Status.State);
        await client.AddRequestsAsync([find, echo]);
        await client.SendAsync().WaitAsync(Eventually.Deadline);

        Assert.Equal([DicomState.Failure, DicomState.Success], states);
    }

    internal static Task SendFindAsync(RawPeer peer, ushort id) => peer.SendDataAsync(
        Wire.Pdv(1, true, true, Wire.FindCommand(id)),
        Wire.Pdv(1, false, true, Wire.Concat(
            Wire.DataElement(0x0008, 0x0052, Wire.Ascii("STUDY ")), Wire.DataElement(0x0010, 0x0020, Wire.Ascii("4711")))));

    private static IAsyncEnumerable<DicomCFindResponse> Matches(DicomCFindRequest request, params string[] ids) =>
        Matches(request, DicomStatus.Pending, ids);

    private static IAsyncEnumerable<DicomCFindResponse> Matches(DicomCFindRequest request, DicomStatus status, params string[] ids) =>
        ids.Select(id => new DicomCFindResponse(request, status) { Dataset = new DicomDataset { { DicomTag.PatientID, id } } }).ToAsyncEnumerable();
}
