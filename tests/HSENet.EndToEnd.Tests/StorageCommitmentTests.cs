using HSENet.TestKit;

namespace HSENet.EndToEnd.Tests;

/// <summary>Orthanc as sender and as PACS, with storage commitment both ways.</summary>
public sealed class StorageCommitmentTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task Orthanc_sends_a_series_has_it_committed_gets_the_report_and_commits_to_it()
    {
        await using var hospital = await OpenAsync();
        using var folder = new TempFolder();
        var series = new CtSeriesBuilder();
        series.Write(folder.Root);
        foreach (var file in Directory.GetFiles(folder.Root))
            await hospital.Pacs.UploadAsync(file);
        var id = Assert.Single(await hospital.Pacs.SeriesAsync());

        Assert.Equal((series.SliceCount, 0), await hospital.Pacs.StoreAsync("hsenet", id));
        var (status, kept, failed) = await OutcomeAsync(hospital, await hospital.Pacs.RequestCommitmentAsync("hsenet", id));
        Assert.Equal("Success", status);
        Assert.Equal(Enumerable.Range(0, series.SliceCount).Select(series.SliceUid).Order(), kept.Order());
        Assert.Empty(failed);

        // the PACS has the result before its answer to it is in our row
        await Until.TrueAsync(
            async () => await hospital.Database.ScalarAsync<string>("select state from commitment_request") == "reported", Deadline, () => "the request's row says that it was reported");
        await Until.TrueAsync(
            async () => (await hospital.StatesAsync()).EndsWith("delivery committed", StringComparison.Ordinal),
            Deadline,
            () => $"the report is committed\n{hospital.Worker.Process.Tail()}\n{hospital.Pacs.Log}");
        Assert.Equal(1, await hospital.Database.ScalarAsync<long>("select count(*) from commitment"));
        Assert.Equal(
            ["delivery.started", "delivery.stored", "commitment.started", "commitment.committed"],
            (await hospital.AuditAsync()).Where(e => e.StartsWith("delivery.", StringComparison.Ordinal) || e is "commitment.started" or "commitment.committed"));
    }

    [Fact]
    public async Task What_never_arrived_is_told_as_not_kept()
    {
        await using var hospital = await OpenAsync();
        using var folder = new TempFolder();
        var series = new CtSeriesBuilder();
        series.Write(folder.Root);
        var files = Directory.GetFiles(folder.Root).Order().ToArray();
        await hospital.PushAsync(files[0]);
        foreach (var file in files[..2])
            await hospital.Pacs.UploadAsync(file);
        var (status, kept, failed) = await OutcomeAsync(hospital, await hospital.Pacs.RequestCommitmentAsync("hsenet", await hospital.Pacs.InstancesAsync()));

        Assert.Equal("Failure", status);
        Assert.Single(kept);
        Assert.Equal(0x0112, Assert.Single(failed).Reason);
        Assert.NotEqual(kept[0], failed[0].Uid);
    }

    [Fact]
    public async Task A_request_that_was_answered_survives_kill_9()
    {
        await using var hospital = await OpenAsync();
        using var folder = new TempFolder();
        new CtSeriesBuilder().Write(folder.Root);
        foreach (var file in Directory.GetFiles(folder.Root))
            await hospital.Pacs.UploadAsync(file);
        var id = Assert.Single(await hospital.Pacs.SeriesAsync());
        await hospital.Pacs.StoreAsync("hsenet", id);
        var transaction = await hospital.Pacs.RequestCommitmentAsync("hsenet", id);
        await hospital.KillAndRestartAsync();

        Assert.Equal("Success", (await OutcomeAsync(hospital, transaction)).Status);
    }

    private static async Task<(string Status, string[] Kept, (string Uid, int Reason)[] Failed)> OutcomeAsync(Hospital hospital, string transaction)
    {
        (string Status, string[] Kept, (string, int)[] Failed) outcome = ("", [], []);
        await Until.TrueAsync(
            async () =>
            {
                outcome = await hospital.Pacs.CommitmentAsync(transaction);
                return outcome.Status != "Pending";
            },
            Deadline,
            () => $"Orthanc is told of its transaction\n{hospital.Worker.Process.Tail()}\n{hospital.Pacs.Log}");
        return outcome;
    }

    private static async Task<Hospital> OpenAsync()
    {
        var hospital = await Hospital.OpenAsync(settings => settings["Destinations:0:StorageCommitment"] = "true");
        await hospital.Pacs.AddModalityAsync("hsenet", Hospital.AeTitle, hospital.Port);
        return hospital;
    }
}
