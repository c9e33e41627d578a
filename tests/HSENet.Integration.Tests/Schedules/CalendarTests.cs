using System.Text.Json;
using HSENet.TestKit;
using HSENet.Worker.Audit;
using HSENet.Worker.Checks;
using HSENet.Worker.Configuration;
using HSENet.Worker.Ingest;
using HSENet.Worker.Persistence;
using HSENet.Worker.Reporting;
using HSENet.Worker.Retention;
using HSENet.Worker.Schedules;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Quartz;

namespace HSENet.Integration.Tests.Schedules;

/// <summary>Gateways' schedulers on one database. Times in Quartz's tables are moved instead of waiting for the hour.</summary>
public sealed class CalendarTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(120);

    [Fact]
    public async Task The_schema_is_the_one_that_this_version_of_Quartz_makes()
    {
        await using var database = await MigratedDatabase.CreateAsync();
        using var script = new StreamReader(typeof(IJob).Assembly.GetManifestResourceStream("Quartz.Impl.AdoJobStore.Schema.create_postgres.sql")!);
        await database.ExecuteAsync("create schema theirs");
        foreach (var statement in (await script.ReadToEndAsync()).Replace("\r", "", StringComparison.Ordinal).Split("\n--;;\n").Skip(1))
            await database.ExecuteAsync(statement.Replace("{0}", "theirs.qrtz_", StringComparison.Ordinal).Replace("{1}", "qrtz_", StringComparison.Ordinal));

        foreach (var facts in (string[])
        [
            "select string_agg(table_name || ' ' || column_name || ' ' || data_type || ' ' || is_nullable || ' ' || coalesce(column_default, '') || coalesce(character_maximum_length::text, ''), E'\\n' order by table_name, column_name collate \"C\") from information_schema.columns where table_schema = '{0}'",
            "select string_agg(replace(indexdef, '{0}.', ''), E'\\n' order by indexdef collate \"C\") from pg_indexes where schemaname = '{0}'",
            "select string_agg(conrelid::regclass::text || replace(pg_get_constraintdef(oid), '{0}.', ''), E'\\n' order by conname, conrelid::regclass::text) from pg_constraint where connamespace = '{0}'::regnamespace and contype = 'f'",
        ])
        {
            var ours = await database.ScalarAsync<string>(facts.Replace("{0}", "quartz", StringComparison.Ordinal));
            var theirs = await database.ScalarAsync<string>(facts.Replace("{0}", "theirs", StringComparison.Ordinal));
            Assert.NotNull(ours);
            Assert.Equal(theirs!.Replace("theirs.", "quartz.", StringComparison.Ordinal), ours);
        }
    }

    [Fact]
    public async Task Two_gateways_run_a_schedule_of_all_once_and_each_its_own()
    {
        await using var database = await MigratedDatabase.CreateAsync();
        await using var first = await Gateway.StartAsync(database);
        await using var second = await Gateway.StartAsync(database);
        Assert.Equal(5, (await ListAsync(database)).Count);      // audit-partitions once, spool-retention and check for each

        await DueAsync(database);
        await Until.TrueAsync(
            async () => (await ListAsync(database)).All(s => s.RunCount == 1), Deadline, () => "every schedule has run once");
        await DueAsync(database);
        await Until.TrueAsync(
            async () => (await ListAsync(database)).All(s => s.RunCount == 2), Deadline, () => "every schedule has run twice");

        // each run of each schedule is one row of the history, whoever ran it
        Assert.Equal("audit-partitions 2,check 4,spool-retention 4", await database.ScalarAsync<string>(
            "select string_agg(job_name || ' ' || n, ',' order by job_name) from (select job_name, count(*) n from quartz.qrtz_execution_history group by job_name) x"));
        foreach (var own in (await ListAsync(database)).Where(s => s.Scope != Calendar.AnyGateway))
            Assert.StartsWith(own.Scope + "/", own.LastInstance, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_schedule_tells_its_next_and_last_run_and_why_it_failed()
    {
        await using var database = await MigratedDatabase.CreateAsync();
        await using var gateway = await Gateway.StartAsync(database, s => s.Spool.MinimumFreeSpace = new ByteSize(long.MaxValue));
        await DueAsync(database);
        await Until.TrueAsync(async () => (await ListAsync(database)).All(s => s.RunCount == 1), Deadline, "every schedule has run once");
        await gateway.StopAsync();

        var list = await ListAsync(database);
        var check = list.Single(s => s.Name == "check");
        Assert.Equal(("failed", 1), (check.LastResult, check.ConsecutiveFailures));
        Assert.Contains("spool space", check.LastError, StringComparison.Ordinal);
        Assert.All(list.Where(s => s.Name != "check"), s => Assert.Equal(("succeeded", null), (s.LastResult, s.LastError)));
        var now = await database.ScalarAsync<DateTime>("select now()");
        Assert.All(list, s =>
        {
            Assert.InRange(s.LastAt!.Value, now - TimeSpan.FromMinutes(10), now + TimeSpan.FromMinutes(1));
            Assert.InRange(s.NextAt!.Value, now - TimeSpan.FromMinutes(1), now + TimeSpan.FromDays(2));
            Assert.InRange(s.LastSeconds!.Value, 0, 300);
        });

        var settings = new Dictionary<string, string?> { ["Database:ConnectionString"] = database.ServiceConnectionString };
        var text = await WorkerProcess.RunAsync(["jobs", "schedules"], Deadline, settings);
        var json = await WorkerProcess.RunAsync(["jobs", "schedules", "--json"], Deadline, settings);
        Assert.Equal((0, 3), (text.ExitCode, text.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length));
        Assert.StartsWith("audit-partitions any waiting next ", text.Output, StringComparison.Ordinal);
        var lines = json.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement).ToList();
        Assert.Equal(["audit-partitions", "check", "spool-retention"], lines.Select(l => l.GetProperty("name").GetString()));
        Assert.Equal("0 5 1 * * ?", lines[0].GetProperty("cron").GetString());
        Assert.Equal(list[0].NextAt, lines[0].GetProperty("next_at").GetDateTime());
    }

    [Fact]
    public async Task What_was_missed_while_no_gateway_ran_is_made_up_for_once()
    {
        await using var database = await MigratedDatabase.CreateAsync();
        await using (var gateway = await Gateway.StartAsync(database))
            await gateway.StopAsync();

        // three days ago the last run, and since then nothing
        var then = (await database.ScalarAsync<DateTime>("select now()")).AddDays(-3).Ticks;
        await database.ExecuteAsync($"update quartz.qrtz_triggers set start_time = {then - TimeSpan.TicksPerDay}, prev_fire_time = {then}, next_fire_time = {then + TimeSpan.TicksPerHour}");
        await using var later = await Gateway.StartAsync(database);
        await Until.TrueAsync(
            async () => (await ListAsync(database)).Single(s => s.Name == "audit-partitions").RunCount >= 1, Deadline, "the missed run was made up for");
        var partitions = (await ListAsync(database)).Single(s => s.Name == "audit-partitions");

        Assert.Equal(1, partitions.RunCount);
        Assert.True(partitions.NextAt > await database.ScalarAsync<DateTime>("select now()"));
    }

    [Fact]
    public async Task The_work_of_a_gateway_that_died_is_taken_over()
    {
        await using var database = await MigratedDatabase.CreateAsync();
        using var folder = new TempFolder("calendar");
        await using var dying = WorkerProcess.Start(["serve"], new Dictionary<string, string?>
        {
            ["Roles"] = "gateway,inference",
            ["Database:ConnectionString"] = database.ServiceConnectionString,
            ["Data:Directory"] = folder.Root,
            ["Dicom:Port"] = "0",
            ["Spool:MinimumFreeSpace"] = "1MiB",
        });
        await dying.WaitForLineAsync(l => l.Contains("Schedules run as", StringComparison.Ordinal), Deadline, "the scheduler has started");
        await using (var holder = new NpgsqlConnection(database.OwnerConnectionString))
        {
            await holder.OpenAsync();
            await using var hold = new NpgsqlCommand("begin; select pg_advisory_xact_lock(hashtext('audit.ensure_month'))", holder);
            await hold.ExecuteNonQueryAsync();
            await DueAsync(database, "audit-partitions");
            await Until.TrueAsync(
                async () => await database.ScalarAsync<long>("select count(*) from quartz.qrtz_fired_triggers where job_name = 'audit-partitions' and state = 'EXECUTING'") == 1,
                Deadline,
                "the job runs, and waits for the lock");
            await Until.TrueAsync(
                async () => await database.ScalarAsync<long>("select count(*) from pg_locks where locktype = 'advisory' and not granted and database = (select oid from pg_database where datname = current_database())") == 1,
                Deadline,
                "the job runs, and waits for the lock");
            dying.Kill();
            await database.TamperAsync("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name like 'hsenet-%'");
        }

        Assert.Equal(0, (await ListAsync(database)).Single(s => s.Name == "audit-partitions").RunCount);
        await using var survivor = await Gateway.StartAsync(database);
        await Until.TrueAsync(
            async () => (await ListAsync(database)).Single(s => s.Name == "audit-partitions") is { RunCount: 1, LastResult: "succeeded" } taken
                && taken.LastInstance!.StartsWith(survivor.HostId, StringComparison.Ordinal),
            Deadline,
            "the other gateway runs the job of the dead one");
    }

    /// <summary>Every schedule, or one, is due now.</summary>
    private static async Task DueAsync(TestDatabase database, string name = "%")
    {
        var now = (await database.ScalarAsync<DateTime>("select now()")).ToUniversalTime().Ticks;
        await Until.TrueAsync(
            async () => await database.ScalarAsync<long>($"select count(*) from quartz.qrtz_triggers where trigger_state <> 'WAITING' and trigger_name like '{name}'") == 0,
            Deadline,
            "no schedule is at work");
        await database.ExecuteAsync($"update quartz.qrtz_triggers set next_fire_time = {now} where trigger_name like '{name}'");
    }

    private static async Task<IReadOnlyList<ScheduleSummary>> ListAsync(TestDatabase test)
    {
        await using var database = new Database(test.ServiceConnectionString);
        return await new ScheduleStore(database).ListAsync(CancellationToken.None);
    }

    /// <summary>The calendar of one gateway, with a spool of its own.</summary>
    private sealed class Gateway : IAsyncDisposable
    {
        private readonly TempFolder _folder = new("calendar");
        private readonly SpoolStore _spool;
        private readonly Database _database;
        private readonly Calendar _calendar;

        private Gateway(TestDatabase test, Action<WorkerSettings>? change)
        {
            var settings = new WorkerSettings();
            settings.Database.ConnectionString = test.ServiceConnectionString;
            settings.Data.Directory = _folder.Root;
            settings.Spool.MinimumFreeSpace = new ByteSize(1);
            change?.Invoke(settings);
            _spool = new SpoolStore(settings, new DriveFreeSpace());
            _spool.Open();
            _database = new Database(test.ServiceConnectionString);
            var timing = new ScheduleTiming
            {
                CheckinInterval = TimeSpan.FromSeconds(1),
                CheckinThreshold = TimeSpan.FromSeconds(5),
                IdleWait = TimeSpan.FromSeconds(1),
            };
            _calendar = new Calendar(
                settings,
                _spool,
                timing,
                new AuditPartitions(_database, NullLogger<AuditPartitions>.Instance),
                new SpoolRetention(new RetentionStore(_database, settings), _spool, new KeptReports(settings), NullLogger<SpoolRetention>.Instance),
                new Quarantine(_spool, new QuarantineStore(_database), settings, TimeProvider.System, NullLogger<Quarantine>.Instance),
                new ScheduledCheck(settings, new DeploymentCheck(new DriveFreeSpace(), TimeProvider.System), NullLogger<ScheduledCheck>.Instance),
                NullLoggerFactory.Instance);
        }

        public string HostId => _spool.HostId;

        public static async Task<Gateway> StartAsync(TestDatabase test, Action<WorkerSettings>? change = null)
        {
            var gateway = new Gateway(test, change);
            await gateway._calendar.StartAsync(CancellationToken.None);
            return gateway;
        }

        public Task StopAsync() => _calendar.StopAsync(CancellationToken.None);

        public async ValueTask DisposeAsync()
        {
            await StopAsync();
            await _calendar.DisposeAsync();
            await _database.DisposeAsync();
            _spool.Dispose();
            _folder.Dispose();
        }
    }
}
