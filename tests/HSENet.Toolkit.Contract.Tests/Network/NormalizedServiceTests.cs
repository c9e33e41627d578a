using System.Buffers.Binary;
using FellowOakDicom;
using FellowOakDicom.Network;
using FellowOakDicom.Network.Client;

namespace HSENet.Toolkit.Contract.Tests.Network;

/// <summary>Normalized services as both sides: what storage commitment stands on (PS3.7 10, PS3.4 J).</summary>
public sealed class NormalizedServiceTests
{
    private static readonly DicomUID Class = DicomUID.StorageCommitmentPushModel;
    private static readonly DicomUID Instance = DicomUID.StorageCommitmentPushModelInstance;

    [Fact]
    public async Task An_action_reaches_the_service_with_its_class_instance_type_and_data_set()
    {
        var script = new Script { Negotiate = Script.AcceptAll };
        using var server = TestServer.Start<NormalizedScp>(script);
        using var peer = await RawPeer.AssociatedForAsync(server.Port, Wire.StorageCommitment);
        await SendActionAsync(peer, 7);
        var response = await peer.ReadResponseAsync();

        Assert.Equal((0, 7), (response.Status, response.RequestId));
        var action = Assert.IsType<DicomNActionRequest>(Assert.Single(script.Requests));
        Assert.Equal((DicomCommandField.NActionRequest, 7), (action.Type, action.MessageID));
        Assert.Equal((Class, Instance, 1), (action.SOPClassUID, action.SOPInstanceUID, action.ActionTypeID));
        Assert.Equal("1.2.3", action.Dataset!.GetString(DicomTag.TransactionUID));
    }

    [Fact]
    public async Task The_response_to_an_action_names_class_and_instance()
    {
        using var server = TestServer.Start<NormalizedScp>(new Script { Negotiate = Script.AcceptAll });
        using var peer = await RawPeer.AssociatedForAsync(server.Port, Wire.StorageCommitment);
        await SendActionAsync(peer, 7);
        var response = await peer.ReadResponseAsync();

        Assert.Equal(Wire.Little16(0x8130), response.Elements[0x0100]);
        Assert.Equal(Wire.Uid(Wire.StorageCommitment), response.Elements[0x0002]);
        Assert.Equal(Wire.Uid(Wire.StorageCommitmentInstance), response.Elements[0x1000]);
        Assert.Equal(Wire.Little16(0x0101), response.Elements[0x0800]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public async Task An_action_in_fragments_is_put_together(int size)
    {
        var script = new Script { Negotiate = Script.AcceptAll };
        using var server = TestServer.Start<NormalizedScp>(script);
        using var peer = await RawPeer.AssociatedForAsync(server.Port, Wire.StorageCommitment);
        var data = ActionData();
        await peer.SendDataAsync([
            Wire.Pdv(1, true, true, Wire.ActionCommand(7, Wire.StorageCommitmentInstance)),
            .. data.Chunk(size).Select((part, i) => Wire.Pdv(1, false, (i + 1) * size >= data.Length, part))]);

        Assert.Equal(0, (await peer.ReadResponseAsync()).Status);
        Assert.Equal("1.2.3", Assert.Single(script.Requests).Dataset!.GetString(DicomTag.TransactionUID));
    }

    [Fact]
    public async Task The_event_follows_the_response_to_its_action()
    {
        var script = new Script { Negotiate = Script.AcceptAll, OnEventDue = (service, _) => service.SendRequestAsync(Event()) };
        using var server = TestServer.Start<NormalizedScp>(script);
        using var peer = await RawPeer.AssociatedForAsync(server.Port, Wire.StorageCommitment);
        await SendActionAsync(peer, 7);

        Assert.Equal(7, (await peer.ReadResponseAsync()).RequestId);
        var report = await peer.ReadCommandAsync();
        Assert.Equal(Wire.Little16(0x0100), report[0x0100]);
        Assert.Equal(Wire.Uid(Wire.StorageCommitment), report[0x0002]);
        Assert.Equal(Wire.Uid(Wire.StorageCommitmentInstance), report[0x1000]);
        Assert.Equal(Wire.Little16(2), report[0x1002]);
        Assert.NotEqual(Wire.Little16(0x0101), report[0x0800]);
        Assert.Equal(Wire.DataElement(0x0008, 0x1195, Wire.Uid("1.2.3")), await peer.ReadDatasetAsync());
    }

    [Fact]
    public async Task The_answer_to_an_event_reaches_its_callback_and_the_association_goes_on()
    {
        var answered = new TaskCompletionSource<DicomNEventReportResponse>();
        var script = new Script
        {
            Negotiate = Script.AcceptAll,
            OnEventDue = (service, _) =>
            {
                var report = Event();
                report.OnResponseReceived += (_, response) => answered.SetResult(response);
                return service.SendRequestAsync(report);
            },
        };
        using var server = TestServer.Start<NormalizedScp>(script);
        using var peer = await RawPeer.AssociatedForAsync(server.Port, Wire.StorageCommitment);
        await SendActionAsync(peer, 7);
        await peer.ReadResponseAsync();
        var report = await peer.ReadCommandAsync();
        await peer.ReadDatasetAsync();
        await peer.SendAsync(RawListener.Response(1, report[0x0110], 0x0100));
        var response = await answered.Task.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(DicomStatus.Success, response.Status);
        Assert.Equal(BinaryPrimitives.ReadUInt16LittleEndian(report[0x0110]), response.RequestMessageID);

        await SendActionAsync(peer, 8);
        Assert.Equal(8, (await peer.ReadResponseAsync()).RequestId);
    }

    [Fact]
    public async Task A_client_answers_the_event_that_comes_while_it_lingers()
    {
        var answered = new TaskCompletionSource<DicomStatus>();
        var script = new Script
        {
            Negotiate = Script.AcceptAll,
            OnEventDue = (service, _) =>
            {
                var report = Event();
                report.OnResponseReceived += (_, response) => answered.SetResult(response.Status);
                return service.SendRequestAsync(report);
            },
        };
        using var server = TestServer.Start<NormalizedScp>(script);
        var client = TestServer.Client(server.Port);
        client.ClientOptions.AssociationLingerTimeoutInMs = 60_000;
        var reports = new List<DicomNEventReportRequest>();
        client.OnNEventReportRequest = request =>
        {
            reports.Add(request);
            return Task.FromResult(new DicomNEventReportResponse(request, DicomStatus.Success));
        };
        Assert.NotNull(client.OnNEventReportRequest);
        DicomNActionResponse? actionResponse = null;
        var action = Action();
        action.OnResponseReceived += (_, response) => actionResponse = response;
        await client.AddRequestAsync(action);
        using var stop = new CancellationTokenSource();
        var sending = client.SendAsync(stop.Token);

        Assert.Equal(DicomStatus.Success, await answered.Task.WaitAsync(TimeSpan.FromSeconds(20)));
        var report = Assert.Single(reports);
        Assert.Equal((Class, Instance, 2), (report.SOPClassUID, report.SOPInstanceUID, report.EventTypeID));
        Assert.Equal("1.2.3", report.Dataset!.GetString(DicomTag.TransactionUID));
        Assert.Equal(DicomStatus.Success, actionResponse?.Status);
        Assert.Equal((Instance, action.MessageID), (actionResponse!.SOPInstanceUID, actionResponse.RequestMessageID));
        await stop.CancelAsync();
        await Record.ExceptionAsync(() => sending);
    }

    [Fact]
    public async Task An_event_from_a_requestor_in_the_scp_role_is_answered()
    {
        var script = new Script { Negotiate = Script.AcceptAll };
        using var server = TestServer.Start<NormalizedScp>(script);
        var client = TestServer.Client(server.Port);
        client.AdditionalPresentationContexts.Add(
            DicomPresentationContext.GetScpRolePresentationContext(Class, DicomTransferSyntax.ImplicitVRLittleEndian));
        DicomNEventReportResponse? answer = null;
        var report = Event();
        report.OnResponseReceived += (_, response) => answer = response;
        await client.AddRequestAsync(report);
        await client.SendAsync();

        Assert.Equal(DicomStatus.Success, answer?.Status);
        Assert.Equal(Instance, answer!.SOPInstanceUID);
        var seen = Assert.IsType<DicomNEventReportRequest>(Assert.Single(script.Requests));
        Assert.Equal((Class, Instance, 2), (seen.SOPClassUID, seen.SOPInstanceUID, seen.EventTypeID));
        Assert.True(Assert.Single(script.Associations).PresentationContexts.First().ProviderRole);
    }

    [Fact]
    public async Task Each_kind_of_request_gets_its_own_kind_of_response()
    {
        var script = new Script { Negotiate = Script.AcceptAll };
        script.OnGet = request => Task.FromResult(new DicomNGetResponse(request, DicomStatus.Success)
        {
            Dataset = new DicomDataset { { DicomTag.TransactionUID, "1.2.3" } },
        });
        using var server = TestServer.Start<NormalizedScp>(script);
        var answers = new List<DicomResponse>();
        var create = new DicomNCreateRequest(Class, Instance) { Dataset = new DicomDataset { { DicomTag.TransactionUID, "1.2.4" } } };
        create.OnResponseReceived += (_, response) => answers.Add(response);
        var set = new DicomNSetRequest(Class, Instance) { Dataset = new DicomDataset { { DicomTag.TransactionUID, "1.2.5" } } };
        set.OnResponseReceived += (_, response) => answers.Add(response);
        var get = new DicomNGetRequest(Class, Instance);
        get.OnResponseReceived += (_, response) => answers.Add(response);
        var delete = new DicomNDeleteRequest(Class, Instance);
        delete.OnResponseReceived += (_, response) => answers.Add(response);
        var client = TestServer.Client(server.Port);
        await client.AddRequestsAsync([create, set, get, delete]);
        await client.SendAsync();

        Assert.Equal(
            [typeof(DicomNCreateResponse), typeof(DicomNSetResponse), typeof(DicomNGetResponse), typeof(DicomNDeleteResponse)],
            answers.Select(answer => answer.GetType()));
        Assert.All(answers, answer => Assert.Equal(DicomStatus.Success, answer.Status));
        Assert.Equal("1.2.3", answers[2].Dataset!.GetString(DicomTag.TransactionUID));
        Assert.Equal(["1.2.4", "1.2.5"], script.Requests.Where(request => request.Dataset is not null).Select(request => request.Dataset!.GetString(DicomTag.TransactionUID)));
        Assert.Equal(
            [Instance, Instance, Instance, Instance],
            [((DicomNCreateResponse)answers[0]).SOPInstanceUID, ((DicomNSetResponse)answers[1]).SOPInstanceUID,
                ((DicomNGetResponse)answers[2]).SOPInstanceUID, ((DicomNDeleteResponse)answers[3]).SOPInstanceUID]);
        var seen = script.Requests.ToList();
        Assert.Equal(
            [Instance, Instance, Instance, Instance],
            [((DicomNCreateRequest)seen[0]).SOPInstanceUID, ((DicomNSetRequest)seen[1]).SOPInstanceUID,
                ((DicomNGetRequest)seen[2]).SOPInstanceUID, ((DicomNDeleteRequest)seen[3]).SOPInstanceUID]);
    }

    [Fact]
    public async Task A_failed_action_carries_its_status_and_comment()
    {
        var script = new Script { Negotiate = Script.AcceptAll };
        script.OnAction = request => Task.FromResult(
            new DicomNActionResponse(request, new DicomStatus(DicomStatus.InvalidArgumentValue, "no transaction")));
        using var server = TestServer.Start<NormalizedScp>(script);
        var action = Action();
        DicomStatus? status = null;
        action.OnResponseReceived += (_, response) => status = response.Status;
        var client = TestServer.Client(server.Port);
        await client.AddRequestAsync(action);
        await client.SendAsync();

        Assert.Equal((0x0115, "no transaction"), ((int)status!.Code, status.ErrorComment));
    }

    private static DicomNActionRequest Action() =>
        new(Class, Instance, 1) { Dataset = new DicomDataset { { DicomTag.TransactionUID, "1.2.3" } } };

    private static DicomNEventReportRequest Event() =>
        new(Class, Instance, 2) { Dataset = new DicomDataset { { DicomTag.TransactionUID, "1.2.3" } } };

    private static byte[] ActionData() => Wire.DataElement(0x0008, 0x1195, Wire.Uid("1.2.3"));

    private static Task SendActionAsync(RawPeer peer, ushort id) => peer.SendDataAsync(
        Wire.Pdv(1, true, true, Wire.ActionCommand(id, Wire.StorageCommitmentInstance)), Wire.Pdv(1, false, true, ActionData()));
}
