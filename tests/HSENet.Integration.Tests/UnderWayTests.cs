using FellowOakDicom;
using HSENet.Dicom.Sending;
using HSENet.TestKit;
using HSENet.Worker.Delivery;
using static HSENet.Integration.Tests.CorrectionWorld;
using static HSENet.Integration.Tests.RoutingWorld;

namespace HSENet.Integration.Tests;

/// <summary>
/// A report that is being sent while its series closes as something else: it may arrive, and where it does not, it is as if it had
/// waited.
/// </summary>
public sealed class UnderWayTests
{
    private const string StudyTwo = "2.25.4712";

    public static TheoryData<string, string> Ways
    {
        get
        {
            var ways = new TheoryData<string, string>();
            foreach (var change in (string[])["refused", "moved"])
            {
                foreach (var answer in (string[])["unreachable", "refused for good"])
                    ways.Add(change, answer);
            }

            return ways;
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task The_others_of_the_study_have_their_chance_when_what_was_under_way_did_not_arrive(string change, string answer)
    {
        await using var world = await DraftedAsync();
        world.Pacs.Answer = _ => Failed(answer);
        world.Pacs.Meanwhile = () => ChangeAsync(world, change);
        await world.DeliverAsync();

        Assert.Equal(
            ["superseded none"], await world.QueryAsync<string>("select state || ' ' || coalesce(sr_class, 'none') from delivery"));
        await TakeAllAsync(world);
        string[] moved = change == "moved" ? ["thin best drafted"] : [];
        Assert.Equal(["thick best drafted", "thin best drafted", .. moved], (await world.JobsAsync()).Order(StringComparer.Ordinal));
        var reports = Received(world).Where(d => d.GetString(DicomTag.StudyInstanceUID) == StudyUid);
        Assert.Equal([Series("thick").SliceUid(0)], reports.Select(Evidence));
    }

    /// <summary>The process ended between the failure and what follows from it, or while it sent.</summary>
    [Theory]
    [InlineData("pending")]
    [InlineData("sending")]
    public async Task The_others_have_it_too_when_the_outdated_report_is_found_later(string state)
    {
        await using var world = await DraftedAsync();
        await world.Database.ExecuteAsync("update delivery set state = 'sending', lease_until = now() + interval '1 hour'");
        await ChangeAsync(world, "refused");
        Assert.Equal(["thin best drafted"], await world.JobsAsync());
        await world.Database.ExecuteAsync($"update delivery set state = '{state}', lease_until = now() - interval '1 s'");
        await TakeAllAsync(world);

        Assert.Equal(["thin best drafted", "thick best drafted"], await world.JobsAsync());
        Assert.Equal([Series("thick").SliceUid(0)], Received(world).Select(Evidence));
    }

    [Fact]
    public async Task A_report_that_arrived_is_the_studys_one_though_its_series_was_refused_meanwhile()
    {
        await using var world = await DraftedAsync();
        world.Pacs.Meanwhile = () => ChangeAsync(world, "refused");
        await world.DeliverAsync();
        await TakeAllAsync(world);

        Assert.Equal(["thin best drafted"], await world.JobsAsync());
        Assert.Equal([Series("thin", 2).SliceUid(0)], Received(world).Select(Evidence));
    }

    /// <summary>What the series is now comes in the place of what was under way, and nobody else's.</summary>
    [Fact]
    public async Task A_series_that_is_reportable_as_it_is_now_keeps_its_place()
    {
        await using var world = await DraftedAsync();
        world.Pacs.Answer = _ => Failed("unreachable");
        world.Pacs.Meanwhile = () => ChangeAsync(world, "corrected");
        await world.DeliverAsync();
        await TakeAllAsync(world);

        Assert.Equal(["thin best drafted", "thin best drafted"], await world.JobsAsync());
        Assert.Equal("OTHER", Assert.Single(Received(world)).GetString(DicomTag.PatientID));
        Assert.Equal([null], await PredecessorsAsync(world));
    }

    private static async Task<ServiceWorld> DraftedAsync()
    {
        var world = await ServiceWorld.CreateAsync(s =>
        {
            s.Series.Deadline = TimeSpan.Zero;
            s.Routes.Add(Route("best"));
        });
        await world.PushTogetherAsync(Series("thin", 2), Series("thick"));
        await world.SweepSeriesAsync();
        await world.RunJobsAsync();
        Assert.Equal(["thin best drafted"], await world.JobsAsync());
        return world;
    }

    private static SendOutcome.Failed Failed(string answer) => answer == "unreachable"
        ? new("delivery.unreachable", "connection refused", IsTransient: true)
        : new("delivery.status", "C000", IsTransient: false) { Status = 0xC000 };

    private static async Task ChangeAsync(ServiceWorld world, string change)
    {
        world.Pacs.Meanwhile = () => Task.CompletedTask;
        var thin = Series("thin", 2);
        Action<int, DicomDataset> edit = change == "moved"
            ? (_, d) => d.AddOrUpdate(DicomTag.StudyInstanceUID, StudyTwo)
            : (_, d) => d.AddOrUpdate(DicomTag.PatientID, "OTHER");
        var sender = await world.ConnectAsync(Archive);
        for (var slice = 0; slice < (change == "refused" ? 6 : thin.SliceCount); slice++)
            await sender.StoreAsync(thin with { Edit = thin.Edit! + edit }, slice);
        await sender.EndAsync();
        await world.SweepSeriesAsync();
    }

    /// <summary>The PACS takes all that comes.</summary>
    private static async Task TakeAllAsync(ServiceWorld world)
    {
        world.Pacs.Answer = _ => new SendOutcome.Stored();
        await world.HurryAsync();
        await world.DeliverAsync();
        await FinishAsync(world);
        await FinishAsync(world);
    }

    private static string Evidence(DicomDataset report) =>
        report.GetSequence(DicomTag.CurrentRequestedProcedureEvidenceSequence).Items[0]
            .GetSequence(DicomTag.ReferencedSeriesSequence).Items[0]
            .GetSequence(DicomTag.ReferencedSOPSequence).Items[0].GetString(DicomTag.ReferencedSOPInstanceUID);
}
