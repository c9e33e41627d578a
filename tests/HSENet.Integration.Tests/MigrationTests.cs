using HSENet.TestKit;
using HSENet.Worker;
using HSENet.Worker.Persistence;

namespace HSENet.Integration.Tests;

public sealed class MigrationTests
{
    [Fact]
    public async Task Migrating_again_changes_nothing()
    {
        await using var database = await TestDatabase.CreateAsync();
        var first = await Migrator.MigrateAsync(database.OwnerConnectionString, CancellationToken.None);
        var second = await Migrator.MigrateAsync(database.OwnerConnectionString, CancellationToken.None);

        Assert.NotEmpty(first);
        Assert.Empty(second);
        await CheckAsync(database);
    }

    [Fact]
    public async Task Two_migrations_at_once_apply_each_script_once()
    {
        await using var database = await TestDatabase.CreateAsync();
        var both = await Task.WhenAll(
            Task.Run(() => Migrator.MigrateAsync(database.OwnerConnectionString, CancellationToken.None)),
            Task.Run(() => Migrator.MigrateAsync(database.OwnerConnectionString, CancellationToken.None)));

        Assert.Single(both, scripts => scripts.Count > 0);
        await CheckAsync(database);
    }

    [Fact]
    public async Task A_database_without_schema_is_refused()
    {
        await using var database = await TestDatabase.CreateAsync();
        Assert.Equal("database.schema", (await Assert.ThrowsAsync<WorkerException>(() => CheckAsync(database))).Code);
    }

    [Fact]
    public async Task An_older_schema_and_a_newer_one_are_refused()
    {
        await using var database = await TestDatabase.CreateAsync();
        await Migrator.MigrateAsync(database.OwnerConnectionString, CancellationToken.None);

        await database.ExecuteAsync("insert into schema_journal(scriptname, applied) values ('9999_later.sql', now())");
        var newer = await Assert.ThrowsAsync<WorkerException>(() => CheckAsync(database));
        await database.ExecuteAsync("delete from schema_journal where scriptname like '%0002%' or scriptname like '9999%'");
        var older = await Assert.ThrowsAsync<WorkerException>(() => CheckAsync(database));

        Assert.Equal(("database.schema", "database.schema"), (newer.Code, older.Code));
        Assert.Contains("newer", newer.Message, StringComparison.Ordinal);
        Assert.Contains("older", older.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_away_has_its_own_code()
    {
        const string nobody = "Host=127.0.0.1;Port=1;Database=x;Username=x;Password=x;Timeout=2";
        await using var database = new Database(nobody);

        var service = await Assert.ThrowsAsync<WorkerException>(() => SchemaVersion.CheckAsync(database, CancellationToken.None));
        var owner = await Assert.ThrowsAsync<WorkerException>(() => Migrator.MigrateAsync(nobody, CancellationToken.None));

        Assert.Equal(("database.unreachable", "database.unreachable"), (service.Code, owner.Code));
    }

    private static async Task CheckAsync(TestDatabase test)
    {
        await using var database = new Database(test.ServiceConnectionString);
        await SchemaVersion.CheckAsync(database, CancellationToken.None);
    }
}
