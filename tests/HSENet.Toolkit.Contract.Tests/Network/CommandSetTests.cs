using FellowOakDicom;
using FellowOakDicom.Network;

namespace HSENet.Toolkit.Contract.Tests.Network;

/// <summary>Messages are views of their command sets (PS3.7 10.3, annex E).</summary>
public sealed class CommandSetTests
{
    private static readonly DicomUID Class = DicomUID.StorageCommitmentPushModel;
    private static readonly DicomUID Instance = DicomUID.StorageCommitmentPushModelInstance;

    [Fact]
    public void An_action_and_its_response_show_what_their_commands_hold()
    {
        var request = new DicomNActionRequest(new DicomNActionRequest(Class, Instance, 3).Command);
        Assert.Equal((Class, Instance, 3), (request.SOPClassUID, request.SOPInstanceUID, request.ActionTypeID));
        Assert.Equal(DicomCommandField.NActionRequest, request.Type);
        var response = new DicomNActionResponse(new DicomNActionResponse(request, DicomStatus.NoSuchActionType).Command);
        Assert.Equal((Class, Instance, 3), (response.SOPClassUID, response.SOPInstanceUID, response.ActionTypeID));
        Assert.Equal((DicomCommandField.NActionResponse, DicomStatus.NoSuchActionType), (response.Type, response.Status));
        Assert.Equal(request.MessageID, response.RequestMessageID);
    }

    [Fact]
    public void An_event_and_its_response_show_what_their_commands_hold()
    {
        var request = new DicomNEventReportRequest(new DicomNEventReportRequest(Class, Instance, 2).Command);
        Assert.Equal((Class, Instance, 2), (request.SOPClassUID, request.SOPInstanceUID, request.EventTypeID));
        Assert.Equal(DicomCommandField.NEventReportRequest, request.Type);
        var response = new DicomNEventReportResponse(new DicomNEventReportResponse(request, DicomStatus.Success).Command);
        Assert.Equal((Class, Instance, 2), (response.SOPClassUID, response.SOPInstanceUID, response.EventTypeID));
        Assert.Equal((DicomCommandField.NEventReportResponse, DicomStatus.Success), (response.Type, response.Status));
    }

    [Fact]
    public void The_other_normalized_messages_show_what_their_commands_hold()
    {
        var create = new DicomNCreateRequest(new DicomNCreateRequest(Class, Instance).Command);
        var set = new DicomNSetRequest(new DicomNSetRequest(Class, Instance).Command);
        var get = new DicomNGetRequest(new DicomNGetRequest(Class, Instance).Command);
        var delete = new DicomNDeleteRequest(new DicomNDeleteRequest(Class, Instance).Command);
        Assert.Equal(
            [DicomCommandField.NCreateRequest, DicomCommandField.NSetRequest, DicomCommandField.NGetRequest, DicomCommandField.NDeleteRequest],
            new DicomRequest[] { create, set, get, delete }.Select(request => request.Type));
        Assert.Equal([Instance, Instance, Instance, Instance], [create.SOPInstanceUID, set.SOPInstanceUID, get.SOPInstanceUID, delete.SOPInstanceUID]);
        DicomResponse[] responses =
        [
            new DicomNCreateResponse(new DicomNCreateResponse(create, DicomStatus.Success).Command),
            new DicomNSetResponse(new DicomNSetResponse(set, DicomStatus.Success).Command),
            new DicomNGetResponse(new DicomNGetResponse(get, DicomStatus.Success).Command),
            new DicomNDeleteResponse(new DicomNDeleteResponse(delete, DicomStatus.Success).Command),
        ];
        Assert.All(responses, response => Assert.Equal((Class, DicomStatus.Success), (response.SOPClassUID, response.Status)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Operations_on_an_instance_that_exists_name_it_as_requested_and_others_as_affected(bool requested)
    {
        DicomRequest[] messages = requested
            ? [new DicomNActionRequest(Class, Instance, 1), new DicomNGetRequest(Class, Instance), new DicomNSetRequest(Class, Instance), new DicomNDeleteRequest(Class, Instance)]
            : [new DicomNEventReportRequest(Class, Instance, 1), new DicomNCreateRequest(Class, Instance)];
        Assert.All(messages, message =>
        {
            Assert.Equal(requested, message.Command.Contains(DicomTag.RequestedSOPClassUID));
            Assert.Equal(requested, message.Command.Contains(DicomTag.RequestedSOPInstanceUID));
            Assert.Equal(!requested, message.Command.Contains(DicomTag.AffectedSOPClassUID));
            Assert.Equal(!requested, message.Command.Contains(DicomTag.AffectedSOPInstanceUID));
        });
    }

    [Fact]
    public void A_request_for_attributes_lists_them()
    {
        var request = new DicomNGetRequest(Class, Instance);
        request.Command.Add(new DicomAttributeTag(DicomTag.AttributeIdentifierList, DicomTag.PatientID, DicomTag.PatientName));
        Assert.Equal([DicomTag.PatientID, DicomTag.PatientName], request.Attributes);
    }

    [Fact]
    public void A_message_has_a_data_set_when_one_is_given()
    {
        var request = new DicomNActionRequest(Class, Instance, 1);
        Assert.False(request.HasDataset);
        request.Dataset = [];
        Assert.True(request.HasDataset);
    }

    [Fact]
    public async Task A_request_tells_when_it_is_sent()
    {
        using var server = TestServer.Start<ScriptedScp>(new Script());
        var request = new DicomCEchoRequest();
        var order = new List<string>();
        request.OnRequestSent += (_, e) =>
        {
            Assert.IsType<DicomRequest.OnRequestSentEventArgs>(e);
            order.Add("sent");
        };
        var client = TestServer.Client(server.Port);
        await client.AddRequestAsync(request);
        await client.SendAsync();

        Assert.Equal("sent", Assert.Single(order));
        Assert.NotNull(new DicomRequest.OnRequestSentEventArgs());
    }
}
