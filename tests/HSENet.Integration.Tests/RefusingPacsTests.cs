using FellowOakDicom;
using FellowOakDicom.Network;
using HSENet.TestKit;
using HSENet.Worker.Commands;
using HSENet.Worker.Delivery;
using HSENet.Worker.Operating;
using HSENet.Worker.Persistence;

namespace HSENet.Integration.Tests;

/// <summary>Over the wire, to a PACS that says why it does not take a report.</summary>
public sealed class RefusingPacsTests
{
    [Fact]
    public async Task What_a_PACS_says_stands_in_row_audit_and_jobs_show_without_the_patient()
    {
        var (server, script) = ScriptedPacs.Start();
        using var pacs = server;
        await using var world = await ServiceWorld.CreateAsync(s => s.Destinations[0].Port = pacs.Port, new StoreScuSender());
        var patient = "";
        await world.PushAsync(new CtSeriesBuilder { Edit = (_, d) => patient = d.GetString(DicomTag.PatientID) });
        await world.SweepSeriesAsync();
        await world.RunJobsAsync();
        script.AnswerToStore = response =>
        {
            response.Command.AddOrUpdate(DicomTag.Status, (ushort)0x0124);
            response.Command.AddOrUpdate(new DicomLongString(DicomTag.ErrorComment, $"HSENET may not write to {patient}"));
            response.Command.AddOrUpdate(new DicomAttributeTag(DicomTag.OffendingElement, new DicomTag(0x0010, 0x0020)));
        };
        await world.DeliverAsync();

        const string comment = "HSENET may not write to ***";
        Assert.NotEmpty(patient);
        Assert.Equal(
            $"failed delivery.status 292 {comment} (0010,0020)",
            Assert.Single(await world.QueryAsync<string>("select state || ' ' || error_code || ' ' || coalesce(answer_status::text, 'null') || ' ' || coalesce(answer_comment, 'null') || ' ' || coalesce(answer_elements, 'null') from delivery")));
        Assert.Equal(
            $"status 0124 Refused: Not Authorized, \"{comment}\", (0010,0020)|{comment}|(0010,0020)",
            Assert.Single(await world.QueryAsync<string>(
                "select details::jsonb->>'answer' || '|' || (details::jsonb->>'comment') || '|' || (details::jsonb->>'elements') from audit.event where event = 'delivery.failed'")));
        var shown = await ShowAsync(world);
        Assert.Contains($"delivery to pacs: failed, attempt 1 delivery.status: status 0124 Refused: Not Authorized, \"{comment}\", (0010,0020)", shown, StringComparison.Ordinal);

        // a warning is kept as well, and an outcome without an answer says nothing of the one before
        script.AnswerToStore = response =>
        {
            response.Command.AddOrUpdate(DicomTag.Status, (ushort)0xB006);
            response.Command.AddOrUpdate(new DicomLongString(DicomTag.ErrorComment, "elements discarded"));
        };
        var jobId = Assert.Single(await world.QueryAsync<Guid>("select job_id from job"));
        Assert.Equal(["pacs"], await new OperatorDeliveryStore(world.Get<Database>(), "user").RestartAsync(jobId, "operator", CancellationToken.None));
        await world.DeliverAsync();
        Assert.Contains("delivery to pacs: stored, attempt 2 status B006 Elements Discarded, \"elements discarded\"", await ShowAsync(world), StringComparison.Ordinal);
    }

    private static async Task<string> ShowAsync(ServiceWorld world)
    {
        var jobId = Assert.Single(await world.QueryAsync<Guid>("select job_id from job"));
        using var text = new StringWriter();
        new JobsOutput(text, isJson: false).Write(await new OperatorJobStore(world.Get<Database>(), "user").ShowAsync(jobId, CancellationToken.None));
        return text.ToString();
    }
}
