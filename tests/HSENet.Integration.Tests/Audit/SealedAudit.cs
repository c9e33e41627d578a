using HSENet.TestKit;
using HSENet.Worker.Audit;
using HSENet.Worker.Hosting;
using HSENet.Worker.Persistence;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace HSENet.Integration.Tests.Audit;

/// <summary>A migrated database of its own with audit rows that the service wrote, and the service's sealer and verifier on it.</summary>
internal sealed class SealedAudit : IAsyncDisposable
{
    private readonly Database _service;

    private SealedAudit(TestDatabase database)
    {
        Database = database;
        _service = new Database(database.ServiceConnectionString);
        Sealer = NewSealer();
    }

    public TestDatabase Database { get; }

    public AuditSealer Sealer { get; }

    public static async Task<SealedAudit> CreateAsync(int rows = 0)
    {
        var database = await MigratedDatabase.CreateAsync();
        var audit = new SealedAudit(database);
        await audit.WriteAsync(rows);
        if (rows > 0)
            Assert.Equal(rows, await audit.Sealer.SealAsync(CancellationToken.None));
        return audit;
    }

    public AuditSealer NewSealer() => new(_service, TimeProvider.System, new SweepLoop(TimeProvider.System, NullLogger<SweepLoop>.Instance), NullLogger<AuditSealer>.Instance);

    /// <summary>Rows as the service writes them, each in a transaction of its own, with every column at least once.</summary>
    public async Task WriteAsync(int rows, string actor = "ae:CT1")
    {
        await using var connection = await _service.OpenAsync(CancellationToken.None);
        for (var i = 0; i < rows; i++)
            await connection.WriteAsync(Row(i, actor), CancellationToken.None);
    }

    public static AuditEvent Row(int i, string actor = "ae:CT1") => new(i % 2 == 0 ? AuditKind.InstancesReceived : AuditKind.JobQueued, AuditOutcome.Success, actor)
    {
        AssociationId = Guid.NewGuid(),
        SeriesKey = Guid.NewGuid(),
        JobId = i % 3 == 0 ? Guid.NewGuid() : null,
        Destination = i % 2 == 0 ? "päcs 医" : null,
        StudyUid = "2.25.1",
        SeriesUid = "2.25.2",
        SopInstanceUid = "2.25.3",
        Reason = i % 2 == 0 ? "" : null,
        Details = new Dictionary<string, object?> { ["n"] = i, ["text"] = "a\"b\n€" },
    };

    /// <summary>Opens a connection of the service, for a transaction that a test holds open.</summary>
    public async Task<NpgsqlConnection> OpenAsync() => await _service.OpenAsync(CancellationToken.None);

    public Task<AuditVerdict> VerifyAsync(AuditHead? head = null) => new AuditVerifier(_service).VerifyAsync(head, CancellationToken.None);

    /// <summary>Kind, seal and event of each fault.</summary>
    public async Task<IReadOnlyList<string>> FaultsAsync(AuditHead? head = null) =>
        [.. (await VerifyAsync(head)).Faults.Select(f => $"{f.Kind} {f.Seq?.ToString(null, null) ?? "-"} {f.EventId?.ToString(null, null) ?? "-"}")];

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        await Database.DisposeAsync();
    }
}
