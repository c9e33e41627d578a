using HSENet.Integration.Tests;
using HSENet.TestKit;
using HSENet.Worker.Persistence;

[assembly: AssemblyFixture(typeof(MigratedDatabase))]

// a test mostly waits for the database, the broker and peers: more of them at once than two cores, and no more than one database server serves
[assembly: CollectionBehavior(MaxParallelThreads = 4)]

namespace HSENet.Integration.Tests;

/// <summary>Databases with the service's schema. The scripts are run once, each test has a copy: <see cref="MigrationTests"/> is about the running.</summary>
public sealed class MigratedDatabase : IAsyncDisposable
{
    private static readonly Lazy<Task<TestDatabase>> Template = new(async () =>
    {
        var database = await TestDatabase.CreateAsync();
        await Migrator.MigrateAsync(database.OwnerConnectionString, CancellationToken.None);
        return database;
    });

    /// <summary>One that a test has to itself: another installation, as if it had been migrated itself.</summary>
    public static async Task<TestDatabase> CreateAsync()
    {
        var database = await (await Template.Value).CopyAsync();
        await database.ExecuteAsync("update installation set deployment_id = gen_random_uuid()");
        return database;
    }

    /// <summary>After the last test.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Template.IsValueCreated && Template.Value.IsCompletedSuccessfully)
            await (await Template.Value).DisposeAsync();
    }
}
