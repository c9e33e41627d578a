using System.Diagnostics;
using HSENet.TestKit;
using HSENet.Worker;
using HSENet.Worker.Configuration;
using HSENet.Worker.Ingest;
using HSENet.Worker.Persistence;

namespace HSENet.Integration.Tests;

/// <summary>One live gateway for each database, even when the second one works on a copy of the first one's spool.</summary>
public sealed class SpoolHoldTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_gateway_on_a_copy_of_a_live_spool_is_refused_and_takes_no_acknowledged_row_away()
    {
        await using var world = await ServiceWorld.CreateAsync();
        using var folder = new TempFolder("copy");
        var (series, sender) = (new CtSeriesBuilder(), await world.ConnectAsync());
        await sender.StoreAsync(series, 0);
        Copy(world.Spool, folder.Path("spool"));
        Assert.Equal(0, (await sender.StoreAsync(series, 1)).Status); // its file is in the live spool alone

        await using var second = new Claimant(world, folder.Root);
        var refused = await Assert.ThrowsAsync<WorkerException>(second.StartAsync);
        Assert.Equal("spool.locked", refused.Code);
        Assert.Contains(world.Spool, refused.Message, StringComparison.Ordinal);
        Assert.Equal(2, Assert.Single(await world.QueryAsync<long>("select count(*) from instance")));
    }

    [Fact]
    public async Task A_killed_gateways_spool_is_taken_over_at_once_and_its_copy_comes_too_late()
    {
        await using var world = await ServiceWorld.CreateAsync();
        using var folder = new TempFolder("copy");
        Copy(world.Spool, folder.Path("spool"));
        var clock = Stopwatch.StartNew();
        await world.RestartAsync();
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(10), $"{clock.Elapsed}");
        await world.StopAsync();

        await using var copy = new Claimant(world, folder.Root);
        var refused = await Assert.ThrowsAsync<WorkerException>(copy.StartAsync);
        Assert.Equal("spool.copied", refused.Code);
    }

    /// <summary>The holder was stopped: a copy is the spool on another disk, and from then on it is the one.</summary>
    [Fact]
    public async Task When_the_work_goes_on_in_a_copy_the_original_is_refused_until_an_operator_gives_that_up()
    {
        await using var world = await ServiceWorld.CreateAsync();
        using var folder = new TempFolder("copy");
        Copy(world.Spool, folder.Path("spool"));
        await world.StopAsync();
        await using (var copy = new Claimant(world, folder.Root))
            await copy.StartAsync();

        var refused = await Assert.ThrowsAsync<WorkerException>(world.RestartAsync);
        await world.Database.ExecuteAsync("update installation set spool_id = null"); // as operations.md says
        await world.RestartAsync();
        Assert.Equal("spool.copied", refused.Code);
    }

    /// <summary>The database was restarted: the holder takes its lock back before a gateway on a copy, which waits longer than that takes.</summary>
    [Fact]
    public async Task A_holder_that_lost_its_session_comes_back_before_a_copy_that_finds_the_lock_free()
    {
        await using var world = await ServiceWorld.CreateAsync();
        using var folder = new TempFolder("copy");
        Copy(world.Spool, folder.Path("spool"));
        await EndSessionAsync(world);
        await using var second = new Claimant(world, folder.Root);
        var starting = second.StartAsync();
        var hold = world.Get<SpoolHold>();
        await hold.WaitForLossAsync(CancellationToken.None).WaitAsync(Deadline);
        await Until.TrueAsync(() => hold.TryReturnAsync(CancellationToken.None), Deadline, "the lock is back");

        Assert.Equal("spool.locked", (await Assert.ThrowsAsync<WorkerException>(() => starting)).Code);
    }

    [Fact]
    public async Task A_holder_that_comes_back_after_another_had_its_turn_ends()
    {
        await using var world = await ServiceWorld.CreateAsync();
        using var folder = new TempFolder("copy");
        Copy(world.Spool, folder.Path("spool"));
        await EndSessionAsync(world);
        await using (var second = new Claimant(world, folder.Root))
        {
            await second.StartAsync();
            Assert.Equal("spool.taken", (await Assert.ThrowsAsync<WorkerException>(() => world.Get<SpoolHold>().TryReturnAsync(CancellationToken.None))).Code);
        }

        Assert.Equal("spool.taken", (await Assert.ThrowsAsync<WorkerException>(() => world.Get<SpoolHold>().TryReturnAsync(CancellationToken.None))).Code);
    }

    /// <summary>Restored from a dump, the database knows an older turn than the spool.</summary>
    [Fact]
    public async Task A_database_from_an_earlier_state_takes_its_spool_and_its_copy_is_refused_afterwards()
    {
        await using var world = await ServiceWorld.CreateAsync();
        var before = Assert.Single(await world.QueryAsync<string>("select spool_turn || ' ''' || spool_nonce || ''''  from installation")).Split(' ');
        using var folder = new TempFolder("copy");
        Copy(world.Spool, folder.Path("spool"));
        await world.RestartAsync();
        await world.RestartAsync();
        await world.StopAsync();
        await world.Database.ExecuteAsync($"update installation set spool_turn = {before[0]}, spool_nonce = {before[1]}");
        await world.RestartAsync();
        await world.StopAsync();

        await using var copy = new Claimant(world, folder.Root);
        Assert.Equal("spool.copied", (await Assert.ThrowsAsync<WorkerException>(copy.StartAsync)).Code);
    }

    /// <summary>Between the turn in the spool and that in the database a start ended.</summary>
    [Fact]
    public async Task A_start_that_ended_halfway_is_no_obstacle()
    {
        await using var world = await ServiceWorld.CreateAsync();
        await world.StopAsync();
        var turn = Path.Combine(world.Spool, "turn");
        await File.WriteAllTextAsync(turn, SpoolTurn.After(SpoolTurn.Parse(await File.ReadAllTextAsync(turn)), null).ToString());
        await world.RestartAsync();

        Assert.Equal(3, Assert.Single(await world.QueryAsync<long>("select spool_turn from installation")));
    }

    /// <summary>All that holds the lock is its session: an outage of the database ends it, and nothing else.</summary>
    [Fact]
    public async Task Receiving_goes_on_when_the_session_is_lost()
    {
        await using var world = await HostWorld.StartAsync(null);
        var before = await HolderAsync(world);
        await world.Database.ExecuteAsync($"select pg_terminate_backend({before})");
        Assert.Equal(0, (await Dcmtk.StoreAsync(world.Ingest.Port, "HSENET", world.Series)).ExitCode);
        await Until.TrueAsync(async () => await HolderAsync(world) is > 0 and var now && now != before, Deadline, "another session holds the lock");

        Assert.True(world.Ingest.IsListening);
        await world.UntilAsync("select state from job", "drafted");
    }

    private static async Task<int> HolderAsync(HostWorld world) => (await world.QueryAsync<int>(HolderSql)).SingleOrDefault();

    private const string HolderSql = """
        select pid from pg_locks where locktype = 'advisory' and granted and objsubid = 1 and database = (select oid from pg_database where datname = current_database())
           and (classid::bigint << 32) + objid::bigint = 79522482251092
        """;

    private static async Task EndSessionAsync(ServiceWorld world)
    {
        Assert.Single(await world.QueryAsync<bool>($"select pg_terminate_backend(pid) from ({HolderSql}) s"));
        await Until.TrueAsync(async () => (await world.QueryAsync<int>(HolderSql)).Count == 0, Deadline, "the session is gone");
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories).Where(f => Path.GetFileName(f) != "lock"))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            using var source = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var copy = File.Create(target);
            source.CopyTo(copy);
        }
    }

    /// <summary>The start of another gateway, as far as the spool goes.</summary>
    private sealed class Claimant : IAsyncDisposable
    {
        private readonly SpoolStore _spool;
        private readonly Database _database;
        private readonly SpoolHold _hold;

        public Claimant(ServiceWorld world, string data)
        {
            var settings = new WorkerSettings();
            settings.Data.Directory = data;
            _spool = new SpoolStore(settings, world.Disk);
            _database = new Database(world.Database.ServiceConnectionString);
            _hold = new SpoolHold(_database, new SpoolHoldTiming { Return = TimeSpan.FromSeconds(2), Patience = TimeSpan.FromSeconds(2) }, TimeProvider.System);
        }

        public async Task StartAsync()
        {
            _spool.Open();
            await new SpoolClaim(_database, _hold).EnsureAsync(_spool, CancellationToken.None);
        }

        public async ValueTask DisposeAsync()
        {
            await _hold.DisposeAsync();
            await _database.DisposeAsync();
            _spool.Dispose();
        }
    }
}
