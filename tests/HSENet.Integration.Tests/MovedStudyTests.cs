using FellowOakDicom;
using HSENet.Dicom.Sending;
using HSENet.TestKit;
using static HSENet.Integration.Tests.CorrectionWorld;
using static HSENet.Integration.Tests.RoutingWorld;

namespace HSENet.Integration.Tests;

/// <summary>Images that come again under another Study Instance UID: nothing more is written of the study that they have left, nor sent into it.</summary>
public sealed class MovedStudyTests
{
    private const string StudyTwo = "2.25.4712";

    private static readonly CtSeriesBuilder s_first = First;

    private static readonly CtSeriesBuilder s_moved = Edited(d => d.AddOrUpdate(DicomTag.StudyInstanceUID, StudyTwo));

    [Theory]
    [InlineData("best", false)]
    [InlineData("all", false)]
    [InlineData("best", true)]
    [InlineData("all", true)]
    public async Task Images_that_are_moved_to_another_study_leave_no_job_in_the_former(string perStudy, bool isReceiving)
    {
        await using var world = await ServiceWorld.CreateAsync(s => s.Routes.Add(Route("r", perStudy: perStudy)));
        if (isReceiving)
        {
            var sender = await world.ConnectAsync();
            for (var slice = 0; slice < 12; slice++)
                await sender.StoreAsync(s_first, slice);
            await PushAsync(world, s_moved, Archive);
            await sender.EndAsync();
        }
        else
        {
            await PushAsync(world, s_first, Scanner);
            await world.SweepSeriesAsync();
            Assert.Equal(["ready"], await world.QueryAsync<string>("select state from job"));
            await PushAsync(world, s_moved, Archive);
            await world.SweepSeriesAsync();
            Assert.Contains("job.cancelled series.moved", await world.AuditAsync());
        }

        await FinishAsync(world);
        await FinishAsync(world);
        Assert.Equal(StudyTwo, Assert.Single(Received(world)).GetString(DicomTag.StudyInstanceUID));
        Assert.Equal([StudyTwo], await world.QueryAsync<string>("select s.study_uid from job join series s using (series_key) where job.state = 'drafted'"));
    }

    [Fact]
    public async Task A_report_that_waits_is_not_sent_into_the_study_that_its_images_have_left()
    {
        await using var world = await ServiceWorld.CreateAsync();
        world.Pacs.Answer = _ => new SendOutcome.Failed("delivery.unreachable", "connection refused", IsTransient: true);
        await ReportAsync(world, s_first, Scanner);
        await PushAsync(world, s_moved, Archive);
        world.Pacs.Answer = _ => new SendOutcome.Stored();
        await world.HurryAsync();
        await FinishAsync(world);

        Assert.Equal(StudyTwo, Assert.Single(Received(world)).GetString(DicomTag.StudyInstanceUID));
    }

    /// <summary>A whole study moves, series by series: what has not come yet is not reported in the study that it is about to leave.</summary>
    [Fact]
    public async Task The_others_of_the_former_study_have_their_chance_when_the_move_has_ended()
    {
        await using var world = await ServiceWorld.CreateAsync(s => s.Routes.Add(Route("best")));
        await world.PushTogetherAsync(Series("thin", 2), Series("thick"));
        await world.SweepSeriesAsync();
        Assert.Equal(["thin best ready"], await world.JobsAsync());
        var moved = Series("thin", 2);
        var sender = await world.ConnectAsync(Archive);
        await StoreAsync(sender, moved with { Edit = Both(moved.Edit!, (_, d) => d.AddOrUpdate(DicomTag.StudyInstanceUID, StudyTwo)) });
        await world.SweepSeriesAsync();
        Assert.Equal(["thin best ready"], await world.JobsAsync());

        await sender.EndAsync();
        await world.SweepSeriesAsync();
        await world.SweepSeriesAsync();
        Assert.Equal(["thick best ready", "thin best cancelled", "thin best ready"], (await world.JobsAsync()).Order(StringComparer.Ordinal));
    }

    /// <summary>One image that somebody copied ends nothing, nor do some of them; while they come nothing is sent.</summary>
    [Theory]
    [InlineData(1, "refused series.too-few-slices", 1)]
    [InlineData(8, "closed ", 2)]
    [InlineData(12, "closed ", 1)]
    public async Task A_study_keeps_its_report_until_most_of_its_images_are_usable_in_another(int count, string state, int reports)
    {
        await using var world = await ServiceWorld.CreateAsync(s => s.Series.Deadline = TimeSpan.Zero);
        var first = s_first with { SliceCount = 20 };
        await PushAsync(world, first, Scanner);
        await world.SweepSeriesAsync();
        var sender = await world.ConnectAsync(Archive);
        var moved = s_moved with { SliceCount = 20 };
        await sender.StoreAsync(moved, 0);
        await world.RunJobsAsync();
        await world.DeliverAsync();
        Assert.Empty(world.Pacs.Received);

        for (var slice = 1; slice < count; slice++)
            await sender.StoreAsync(moved, slice);
        await sender.EndAsync();
        await FinishAsync(world);

        Assert.Equal([state], await world.QueryAsync<string>(
            $"select state || ' ' || coalesce(refusal_code, '') from series where study_uid = '{StudyTwo}'"));
        Assert.Equal(reports, world.Pacs.Received.Count);
        string[] studies = count == 12 ? [StudyTwo] : reports == 1 ? [first.StudyUid] : [first.StudyUid, StudyTwo];
        Assert.Equal(studies.Order(StringComparer.Ordinal), Received(world).Select(d => d.GetString(DicomTag.StudyInstanceUID)).Order(StringComparer.Ordinal));
    }

    /// <summary>
    /// Retention has taken the images of the former study, or takes them while they come: there is nothing to compare them with,
    /// and nothing that waits.
    /// </summary>
    [Theory]
    [InlineData(0)]
    [InlineData(6)]
    public async Task Images_of_a_reported_study_that_were_deleted_are_reported_in_the_study_that_they_come_in(int count)
    {
        await using var world = await ServiceWorld.CreateAsync();
        await ReportAsync(world, s_first, Scanner);
        var sender = await world.ConnectAsync(Archive);
        for (var slice = 0; slice < count; slice++)
            await sender.StoreAsync(s_moved, slice);
        await AgeAsync(world);
        await world.SweepSeriesAsync();
        for (var slice = count; slice < s_moved.SliceCount; slice++)
            await sender.StoreAsync(s_moved, slice);
        await sender.EndAsync();
        await FinishAsync(world);
        await FinishAsync(world);

        Assert.Equal([s_first.StudyUid, StudyTwo], Received(world).Select(d => d.GetString(DicomTag.StudyInstanceUID)));
        Assert.Equal([null, count > 0 ? Uid(world, 0) : null], await PredecessorsAsync(world));

        // and again: each study has its report
        await ReportAsync(world, s_first, Scanner);
        await ReportAsync(world, s_moved, Archive);
        Assert.Equal(2, world.Pacs.Received.Count);
    }

    /// <summary>The same UIDs with other pixels are no move.</summary>
    [Fact]
    public async Task Other_pixels_under_another_study_end_no_job()
    {
        await using var world = await ServiceWorld.CreateAsync();
        await PushAsync(world, s_first, Scanner);
        await world.SweepSeriesAsync();
        await PushAsync(world, s_moved with { EditPixels = (_, p) => [(byte)(p[0] ^ 1), .. p[1..]] }, Archive);

        Assert.Equal(["ready"], await world.QueryAsync<string>("select state from job"));
        Assert.DoesNotContain("identity.corrected identity.study", await world.AuditAsync());
    }

    private static Action<int, DicomDataset> Both(Action<int, DicomDataset> one, Action<int, DicomDataset> other) => one + other;
}
