using FellowOakDicom;
using HSENet.Dicom.Receiving;
using HSENet.Dicom.Sending;
using HSENet.TestKit;
using static HSENet.Integration.Tests.CorrectionWorld;
using static HSENet.Integration.Tests.RoutingWorld;

namespace HSENet.Integration.Tests;

/// <summary>The series that a study's one report is made of, when its database is lost or its report is withdrawn.</summary>
public sealed class ChosenSeriesTests
{
    /// <summary>In the new database nobody knows that the thick series had come whole, but for its kept report.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_partial_series_that_comes_later_does_not_take_the_whole_ones_place(bool isDatabaseLost)
    {
        await using var world = await BestAsync();
        var whole = await world.ConnectAsync();
        await StoreAsync(whole, Series("thick"));
        await whole.EndAsync();
        await FinishAsync(world);
        if (isDatabaseLost)
        {
            await world.KeepReportsAsync();
            await world.NewDatabaseAsync();
            await FinishAsync(world);
        }

        Assert.Equal(["thick best drafted"], await world.JobsAsync());
        var broken = await world.ConnectAsync("CT2");
        await StoreAsync(broken, Series("thin", 2));
        await broken.EndAsync(AssociationEnd.Aborted);
        await FinishAsync(world);
        Assert.Equal(["thick best drafted"], await world.JobsAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_study_whose_chosen_series_is_refused_before_its_report_was_sent_is_reported_from_another(bool isDrafted)
    {
        await using var world = await BestAsync();
        world.Pacs.Answer = _ => new SendOutcome.Failed("delivery.unreachable", "connection refused", IsTransient: true);
        await world.PushTogetherAsync(Series("thin", 2), Series("thick"));
        await world.SweepSeriesAsync();
        if (isDrafted)
        {
            await world.RunJobsAsync();
            await world.DeliverAsync();
        }

        // the correction stops half way
        var thin = Series("thin", 2);
        var corrected = thin with { Edit = thin.Edit! + ((_, d) => d.AddOrUpdate(DicomTag.PatientID, "OTHER")) };
        var sender = await world.ConnectAsync(Archive);
        for (var slice = 0; slice < 6; slice++)
            await sender.StoreAsync(corrected, slice);
        await sender.EndAsync();
        world.Pacs.Answer = _ => new SendOutcome.Stored();
        await world.HurryAsync();
        await FinishAsync(world);
        await FinishAsync(world);

        Assert.Equal([isDrafted ? "thin best drafted" : "thin best cancelled", "thick best drafted"], await world.JobsAsync());
        Assert.Equal(["series.mixed"], await world.QueryAsync<string>("select refusal_code from series where state = 'refused'"));
        Assert.Equal([null], await PredecessorsAsync(world));
        Assert.Equal(
            Series("thick").SliceUid(0),
            Received(world)[0].GetSequence(DicomTag.CurrentRequestedProcedureEvidenceSequence).Items[0]
                .GetSequence(DicomTag.ReferencedSeriesSequence).Items[0]
                .GetSequence(DicomTag.ReferencedSOPSequence).Items[0].GetString(DicomTag.ReferencedSOPInstanceUID));

        // the rest of it comes
        await ReportAsync(world, corrected, Archive);
        Assert.Equal([null, Uid(world, 0)], await PredecessorsAsync(world));
        Assert.Equal("OTHER", Received(world)[1].GetString(DicomTag.PatientID));
    }

    private static Task<ServiceWorld> BestAsync() => ServiceWorld.CreateAsync(s =>
    {
        s.Series.Deadline = TimeSpan.Zero;
        s.Routes.Add(Route("best"));
    });
}
