using FellowOakDicom;
using HSENet.Dicom.Receiving;
using HSENet.TestKit;
using HSENet.Worker.Ingest;

namespace HSENet.Integration.Tests;

public sealed class ReceivingTests
{
    [Fact]
    public async Task Success_means_a_file_in_place_and_a_row()
    {
        await using var world = await ServiceWorld.CreateAsync();
        var series = new CtSeriesBuilder();
        var replies = await world.PushAsync(series);

        Assert.All(replies, reply => Assert.Equal(0, reply.Status));
        Assert.Equal(series.SliceCount, Directory.GetFiles(Path.Combine(world.Spool, "series"), "*.dcm", SearchOption.AllDirectories).Length);
        Assert.Empty(Directory.GetFiles(Path.Combine(world.Spool, "incoming")));
        Assert.Equal(series.SliceCount, Assert.Single(await world.QueryAsync<long>("select count(*) from instance")));
        Assert.Equal("released", Assert.Single(await world.QueryAsync<string>("select ending from association where stored_count = 12")));
    }

    [Fact]
    public async Task The_same_instance_again_is_a_success_and_nothing_more()
    {
        await using var world = await ServiceWorld.CreateAsync();
        var series = new CtSeriesBuilder();
        await world.PushAsync(series);
        var replies = await world.PushAsync(series);

        Assert.All(replies, reply => Assert.Equal(0, reply.Status));
        Assert.Equal(series.SliceCount, Directory.GetFiles(Path.Combine(world.Spool, "series"), "*.dcm", SearchOption.AllDirectories).Length);
        Assert.Equal([0, 12], await world.QueryAsync<int>("select duplicate_count from association order by opened_at"));
        Assert.Equal("{\"stored\":0,\"duplicates\":12,\"conflicts\":0,\"called\":\"HSENET\",\"host\":\"127.0.0.1\"}",
            (await world.QueryAsync<string>("select details from audit.event where event = 'instances.received' order by event_id desc"))[0]);
    }

    [Fact]
    public async Task Other_content_under_a_known_UID_is_answered_0111_and_kept_apart()
    {
        await using var world = await ServiceWorld.CreateAsync();
        var series = new CtSeriesBuilder();
        var sender = await world.ConnectAsync();
        await sender.StoreAsync(series, 0);
        var first = await File.ReadAllBytesAsync(SingleFile(world, "series"));
        var changed = series with { EditPixels = (_, p) => [(byte)(p[0] ^ 1), .. p[1..]] };

        var reply = await sender.StoreAsync(changed, 0);

        Assert.Equal(0x0111, reply.Status);
        Assert.Equal(first, await File.ReadAllBytesAsync(SingleFile(world, "series")));
        Assert.True(File.Exists(SingleFile(world, "quarantine")));
        Assert.Contains("instance.conflict instance.conflict", await world.AuditAsync());
    }

    [Fact]
    public async Task The_same_UID_in_another_series_is_another_instance()
    {
        await using var world = await ServiceWorld.CreateAsync();
        var series = new CtSeriesBuilder();
        var elsewhere = series with { Edit = (_, d) => d.AddOrUpdate(DicomTag.SeriesInstanceUID, "1.2.3.4") };
        var sender = await world.ConnectAsync();

        Assert.Equal(0, (await sender.StoreAsync(series, 0)).Status);
        Assert.Equal(0, (await sender.StoreAsync(elsewhere, 0)).Status);
        Assert.Equal([1, 1], await world.QueryAsync<int>("select instance_count from series"));
    }

    [Fact]
    public async Task The_same_instance_over_many_associations_at_once_is_stored_once()
    {
        await using var world = await ServiceWorld.CreateAsync();
        var series = new CtSeriesBuilder();
        var replies = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => world.PushAsync(series))));

        Assert.All(replies.SelectMany(r => r), reply => Assert.Equal(0, reply.Status));
        Assert.Equal(series.SliceCount, Directory.GetFiles(Path.Combine(world.Spool, "series"), "*.dcm", SearchOption.AllDirectories).Length);
        Assert.Equal(series.SliceCount, Assert.Single(await world.QueryAsync<int>("select instance_count from series")));
        Assert.Equal(8 * series.SliceCount, Assert.Single(await world.QueryAsync<long>("select sum(stored_count + duplicate_count) from association")));
    }

    [Fact]
    public async Task A_disk_that_gets_short_is_answered_A700_and_the_association_lives()
    {
        await using var world = await ServiceWorld.CreateAsync();
        var series = new CtSeriesBuilder();
        var sender = await world.ConnectAsync();
        world.Disk.Available = 1;
        var short_ = await sender.StoreAsync(series, 0);
        var rejected = await world.ConnectAsync();
        world.Disk.Available = long.MaxValue;
        var after = await sender.StoreAsync(series, 0);
        await sender.EndAsync();

        Assert.Equal(["spool.short 1"], await RefusalsAsync(world));
        Assert.Equal(0xA700, short_.Status);
        Assert.Equal(new AssociationVerdict.Reject(2, 3, 1), rejected.Verdict);
        Assert.Equal(0, after.Status);
        Assert.Empty(Directory.GetFiles(Path.Combine(world.Spool, "incoming")));
    }

    [Fact]
    public async Task An_association_of_which_everything_was_refused_is_audited_once_for_each_reason()
    {
        await using var world = await ServiceWorld.CreateAsync();
        var series = new CtSeriesBuilder();
        var sender = await world.ConnectAsync();
        await world.Database.ExecuteAsync("alter table instance rename to instance_away");
        await sender.StoreAsync(series, 0);
        world.Disk.Available = 1;
        for (var slice = 0; slice < series.SliceCount; slice++)
            await sender.StoreAsync(series, slice);

        // the end cannot be recorded: it waits, and its refusals with it
        await world.Database.ExecuteAsync("alter table association rename to away");
        await sender.EndAsync();
        var before = await RefusalsAsync(world);
        await world.Database.ExecuteAsync("alter table away rename to association; alter table instance_away rename to instance");
        await world.Get<EndedAssociations>().SweepAsync(CancellationToken.None);
        await world.Get<EndedAssociations>().SweepAsync(CancellationToken.None);

        Assert.Empty(before);
        Assert.Equal(["ledger.unavailable 1", $"spool.short {series.SliceCount}"], await RefusalsAsync(world));
        Assert.Equal(["ae:CT1 HSENET"], await world.QueryAsync<string>(
            "select distinct actor || ' ' || (details::jsonb ->> 'called') from audit.event e join association a using (association_id) where event = 'instance.refused'"));
        Assert.Equal([series.SliceCount + 1], await world.QueryAsync<int>("select refused_count from association"));
    }

    [Fact]
    public async Task A_refusal_that_could_not_be_audited_on_its_own_is_audited_with_its_association()
    {
        await using var world = await ServiceWorld.CreateAsync();
        var sender = await world.ConnectAsync();
        await sender.StoreAsync(new byte[5000], "1.2.3");
        await world.Database.ExecuteAsync("alter table audit.event rename to event_away");
        await sender.StoreAsync(new byte[5000], "1.2.4");
        await world.Database.ExecuteAsync("alter table audit.event_away rename to event");
        await sender.EndAsync();

        var rows = await RefusalsAsync(world);
        Assert.Equal(2, rows.Count);
        Assert.EndsWith(" each", rows[0], StringComparison.Ordinal);
        Assert.EndsWith(" 1", rows[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("CT1", "10.1.2.3")]
    [InlineData("CT1", "192.168.0.9")]
    public async Task Without_sources_only_loopback_may_send(string callingAe, string remoteHost)
    {
        await using var world = await ServiceWorld.CreateAsync();
        var sender = await world.ConnectAsync(callingAe, remoteHost);

        Assert.Equal(new AssociationVerdict.Reject(1, 1, 3), sender.Verdict);
        Assert.Equal("association.refused association.calling-ae", (await world.AuditAsync())[^1]);
    }

    [Fact]
    public async Task Bytes_that_are_no_DICOM_are_quarantined_and_answered_C000()
    {
        await using var world = await ServiceWorld.CreateAsync();
        var sender = await world.ConnectAsync();
        var reply = await sender.StoreAsync(new byte[5000], "1.2.3");

        Assert.Equal(0xC000, reply.Status);
        Assert.True(File.Exists(SingleFile(world, "quarantine")));
        Assert.StartsWith("instance.refused dicom.", (await world.AuditAsync())[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("41-sequence-depth-20000.dcm")]
    public async Task A_nesting_bomb_is_quarantined_and_the_association_lives(string bomb)
    {
        var bytes = await File.ReadAllBytesAsync(SharedData.Path("data/bad-input/files/" + bomb));
        await using var world = await ServiceWorld.CreateAsync();
        var sender = await world.ConnectAsync();
        var reply = await sender.StoreAsync(bytes, "1.2.3");
        var next = await sender.StoreAsync(new CtSeriesBuilder(), 0);

        Assert.Equal((0xC000, 0), (reply.Status, next.Status));
        Assert.Equal("instance.refused dicom.depth", (await world.AuditAsync())[^1]);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(SingleFile(world, "quarantine")));
    }

    [Fact]
    public async Task A_data_set_with_another_UID_than_its_command_is_answered_A900()
    {
        await using var world = await ServiceWorld.CreateAsync();
        using var stream = new MemoryStream();
        await new DicomFile(new CtSeriesBuilder().DataSet(0)).SaveAsync(stream);
        var sender = await world.ConnectAsync();
        var reply = await sender.StoreAsync(stream.ToArray(), "1.2.3");

        Assert.Equal(0xA900, reply.Status);
        Assert.Equal("instance.refused instance.mismatch", (await world.AuditAsync())[^1]);
        Assert.Empty(await world.QueryAsync<string>("select sop_instance_uid from instance"));
    }

    [Fact]
    public async Task Without_the_ledger_nothing_is_acknowledged_and_nothing_stays()
    {
        await using var world = await ServiceWorld.CreateAsync();
        var series = new CtSeriesBuilder();
        var sender = await world.ConnectAsync();
        await world.Database.ExecuteAsync("alter table instance rename to instance_away");
        var away = await sender.StoreAsync(series, 0);
        await world.Database.ExecuteAsync("alter table instance_away rename to instance");
        var back = await sender.StoreAsync(series, 0);
        await sender.EndAsync();

        Assert.Equal(["ledger.unavailable 1"], await RefusalsAsync(world));
        Assert.Equal(0xA700, away.Status);
        Assert.Equal(0, back.Status);
        Assert.Empty(Directory.GetFiles(Path.Combine(world.Spool, "incoming")));
    }

    [Fact]
    public async Task A_file_that_cannot_have_its_place_leaves_no_row_and_comes_in_with_its_resend()
    {
        await using var world = await ServiceWorld.CreateAsync();
        var series = new CtSeriesBuilder { SliceCount = 2 };
        var sender = await world.ConnectAsync();
        await sender.StoreAsync(series, 0);
        var folder = Assert.Single(Directory.GetDirectories(Path.Combine(world.Spool, "series")));
        Directory.Move(folder, folder + "-away");
        await File.WriteAllTextAsync(folder, "in the way", TestContext.Current.CancellationToken);
        var blocked = await sender.StoreAsync(series, 1);
        var counts = await world.QueryAsync<(int, long)>("select instance_count, (select count(*) from instance) from series");
        File.Delete(folder);
        Directory.Move(folder + "-away", folder);
        var again = await sender.StoreAsync(series, 1);
        await sender.EndAsync();

        Assert.Equal(["spool.write 1"], await RefusalsAsync(world));
        Assert.Equal(0x0110, blocked.Status);
        Assert.Equal([(1, 1L)], counts);
        Assert.Equal(0, again.Status);
        Assert.Equal(2, Directory.GetFiles(folder).Length);
    }

    [Fact]
    public async Task A_file_lost_from_the_spool_comes_back_with_its_resend()
    {
        await using var world = await ServiceWorld.CreateAsync();
        var series = new CtSeriesBuilder { SliceCount = 1 };
        await world.PushAsync(series);
        var file = SingleFile(world, "series");
        File.Delete(file);
        await world.PushAsync(series);

        Assert.Equal(file, SingleFile(world, "series"));
    }

    [Fact]
    public async Task Trouble_of_the_storage_never_refuses_a_series()
    {
        await using var world = await ServiceWorld.CreateAsync();
        await world.PushAsync(new CtSeriesBuilder());
        var file = Directory.GetFiles(Path.Combine(world.Spool, "series"), "*.dcm", SearchOption.AllDirectories)[0];
        File.Move(file, file + ".away");
        for (var sweep = 0; sweep < 8; sweep++)
            await world.SweepSeriesAsync();
        var meanwhile = await world.QueryAsync<string>("select state from series");
        File.Move(file + ".away", file);
        await world.SweepSeriesAsync();

        Assert.Equal(["receiving"], meanwhile);
        Assert.Equal(["closed"], await world.QueryAsync<string>("select state from series"));
        Assert.Equal(["ready"], await world.QueryAsync<string>("select state from job"));
    }

    [Fact]
    public async Task A_series_whose_file_is_lost_is_refused_at_the_deadline_and_reported_when_it_is_sent_again()
    {
        await using var world = await ServiceWorld.CreateAsync(settings => settings.Series.Deadline = TimeSpan.FromTicks(1));
        var series = new CtSeriesBuilder();
        await world.PushAsync(series);
        File.Delete(Directory.GetFiles(Path.Combine(world.Spool, "series"), "*.dcm", SearchOption.AllDirectories)[0]);
        await world.SweepSeriesAsync();
        await world.SweepSeriesAsync();
        var refused = await world.QueryAsync<string>("select state || ' ' || refusal_code || ' ' || completeness from series");
        await world.PushAsync(series);
        await world.SweepSeriesAsync();
        await world.RunJobsAsync();

        Assert.Equal(["refused spool.missing partial"], refused);
        Assert.Equal(["closed complete 2"], await world.QueryAsync<string>("select state || ' ' || completeness || ' ' || revision from series"));
        Assert.Equal(["drafted"], await world.QueryAsync<string>("select state from job"));
        var audit = await world.AuditAsync();
        Assert.Contains("series.refused spool.missing", audit);
        Assert.Contains("series.reopened instance.restored", audit);
    }

    [Fact]
    public async Task A_job_that_died_of_a_lost_file_runs_when_the_file_is_sent_again()
    {
        await using var world = await ServiceWorld.CreateAsync();
        var series = new CtSeriesBuilder();
        await world.PushAsync(series);
        await world.SweepSeriesAsync();
        File.Delete(Directory.GetFiles(Path.Combine(world.Spool, "series"), "*.dcm", SearchOption.AllDirectories)[0]);
        for (var attempt = 0; attempt < 6; attempt++)
        {
            await world.HurryAsync();
            await world.RunJobsAsync();
        }

        Assert.Equal(["dead spool.missing"], await world.QueryAsync<string>("select state || ' ' || error_code from job"));
        await world.PushAsync(series);
        await world.RunJobsAsync();

        Assert.Equal(["drafted"], await world.QueryAsync<string>("select state from job"));
    }

    [Fact]
    public async Task A_start_removes_partial_files_and_indexes_files_without_a_row()
    {
        await using var world = await ServiceWorld.CreateAsync();
        var series = new CtSeriesBuilder { SliceCount = 3 };
        var sender = await world.ConnectAsync();
        for (var slice = 0; slice < 3; slice++)
            await sender.StoreAsync(series, slice);
        await world.Database.ExecuteAsync($"delete from instance where sop_instance_uid = '{series.SliceUid(1)}'");
        await File.WriteAllBytesAsync(Path.Combine(world.Spool, "incoming", "left.part"), [1, 2, 3]);
        await File.WriteAllBytesAsync(Path.Combine(world.Spool, "ready", "left.part"), []);

        await world.RestartAsync();

        Assert.Empty(Directory.GetFiles(Path.Combine(world.Spool, "incoming")));
        Assert.Empty(Directory.GetFiles(Path.Combine(world.Spool, "ready")));
        Assert.Equal(3, Assert.Single(await world.QueryAsync<long>("select count(*) from instance")));
        Assert.Equal("host-stopped", Assert.Single(await world.QueryAsync<string>("select ending from association")));
        Assert.Contains("instance.recovered", await world.AuditAsync());
        Assert.Contains("instances.received association.host-stopped", await world.AuditAsync());
    }

    [Fact]
    public async Task A_file_made_ahead_is_used_by_the_next_instance_and_gone_with_the_association()
    {
        await using var world = await ServiceWorld.CreateAsync();
        var series = new CtSeriesBuilder { SliceCount = 3 };
        var ready = Path.Combine(world.Spool, "ready");
        var sender = await world.ConnectAsync();
        await sender.StoreAsync(series, 0);
        await Until.TrueAsync(() => Directory.GetFiles(ready).Length == 1, TimeSpan.FromSeconds(20), "a file made ahead");
        var made = Assert.Single(Directory.GetFiles(ready));
        var second = await sender.StoreAsync(series, 1);
        await Until.TrueAsync(() => Directory.GetFiles(ready).Length == 1, TimeSpan.FromSeconds(20), "another file made ahead");
        var taken = !File.Exists(made);
        await sender.EndAsync(AssociationEnd.Released);

        Assert.Equal(0, second.Status);
        Assert.True(taken);
        Assert.Empty(Directory.GetFiles(ready));
        Assert.Equal(2, Directory.GetFiles(Path.Combine(world.Spool, "series"), "*.dcm", SearchOption.AllDirectories).Length);
    }

    [Fact]
    public async Task An_instance_cut_off_midway_leaves_nothing()
    {
        await using var world = await ServiceWorld.CreateAsync();
        var sender = await world.ConnectAsync();
        await sender.AbandonAsync(new byte[1000]);
        await sender.EndAsync(AssociationEnd.Aborted);

        Assert.Empty(Directory.GetFiles(Path.Combine(world.Spool, "incoming")));
        Assert.Equal("aborted", Assert.Single(await world.QueryAsync<string>("select ending from association")));
    }

    /// <summary>Refused instances as the audit tells them: code and number, or "each" for one with a row of its own.</summary>
    private static Task<IReadOnlyList<string>> RefusalsAsync(ServiceWorld world) => world.QueryAsync<string>(
        "select reason || ' ' || coalesce(details::jsonb ->> 'count', 'each') from audit.event where event = 'instance.refused' order by event_id");

    private static string SingleFile(ServiceWorld world, string folder) =>
        Assert.Single(Directory.GetFiles(Path.Combine(world.Spool, folder), "*.dcm", SearchOption.AllDirectories));
}
