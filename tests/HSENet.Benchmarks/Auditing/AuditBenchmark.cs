using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using HSENet.TestKit;
using HSENet.Worker.Audit;
using HSENet.Worker.Hosting;
using HSENet.Worker.Persistence;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace HSENet.Benchmarks.Auditing;

/// <summary>
/// Audit rows per second beside the same rows inserted into a bare table (same columns, no partitions, no triggers, no transaction column), each row in
/// a transaction of its own, in turns; then how fast they are sealed and verified. The ratio is what the audit costs, whatever the machine.
/// </summary>
internal static class AuditBenchmark
{
    private const int Connections = 8;

    public static async Task RunAsync(int rows, int rounds, string jsonFile)
    {
        await using var test = await TestDatabase.CreateAsync();
        await Migrator.MigrateAsync(test.OwnerConnectionString, CancellationToken.None);
        await test.ExecuteAsync(
            """
            create table bare(id bigint generated always as identity primary key, at timestamptz not null default clock_timestamp(), event text not null,
                dcm_code text, dcm_type text, action char(1) not null, outcome smallint not null, actor text not null, association_id uuid, series_key uuid,
                job_id uuid, destination text, study_uid text, series_uid text, sop_instance_uid text, reason text, details text not null);
            grant insert on bare to hsenet_service;
            """);
        await using var database = new Database(test.ServiceConnectionString);
        var audit = new List<double>();
        var bare = new List<double>();
        for (var round = 0; round <= rounds; round++)
        {
            var (audited, plain) = (
                await MeasureAsync(database, rows, (connection, entry) => connection.WriteAsync(entry, CancellationToken.None)),
                await MeasureAsync(database, rows, WriteBareAsync));
            if (round > 0)      // the first one warms up
            {
                audit.Add(audited);
                bare.Add(plain);
            }
        }

        var sealer = new AuditSealer(database, TimeProvider.System, new SweepLoop(TimeProvider.System, NullLogger<SweepLoop>.Instance), NullLogger<AuditSealer>.Instance);
        var (started, sealedCount, last) = (Stopwatch.GetTimestamp(), 0, 0);
        while ((last = await sealer.SealAsync(CancellationToken.None)) > 0)
            sealedCount += last;
        var sealing = sealedCount / Stopwatch.GetElapsedTime(started).TotalSeconds;
        started = Stopwatch.GetTimestamp();
        var verdict = await new AuditVerifier(database).VerifyAsync(null, CancellationToken.None);
        var verifying = verdict.SealCount / Stopwatch.GetElapsedTime(started).TotalSeconds;
        if (verdict.FaultCount > 0 || verdict.SealCount != sealedCount || verdict.UnsealedCount > 0)
            throw new InvalidOperationException("the chain is not whole");

        var result = new
        {
            rows,
            connections = Connections,
            audit_rows_per_second = audit,
            bare_rows_per_second = bare,
            ratio = audit.Zip(bare, (a, b) => a / b).Order().ElementAt(rounds / 2),
            sealed_per_second = sealing,
            verified_per_second = verifying,
        };
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"audit {Median(audit):0} rows/s, bare {Median(bare):0} rows/s, ratio {result.ratio:0.00}; sealed {sealing:0} rows/s, verified {verifying:0} rows/s"));
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(jsonFile))!);
        await File.WriteAllTextAsync(jsonFile, JsonSerializer.Serialize(result));
    }

    private static async Task<double> MeasureAsync(Database database, int rows, Func<NpgsqlConnection, AuditEvent, Task> write)
    {
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => Task.Run(async () =>
        {
            await using var connection = await database.OpenAsync(CancellationToken.None);
            for (var i = 0; i < rows / Connections; i++)
                await write(connection, Entry(i));
        })));
        return rows / Connections * Connections / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static AuditEvent Entry(int i) => new(AuditKind.InstancesReceived, AuditOutcome.Success, AuditEvent.Ae("CT1"))
    {
        AssociationId = Guid.NewGuid(),
        SeriesKey = Guid.NewGuid(),
        StudyUid = "1.2.826.0.1.3680043.8.498.11111111111111111111111111111111111111",
        SeriesUid = "1.2.826.0.1.3680043.8.498.22222222222222222222222222222222222222",
        Details = new Dictionary<string, object?> { ["stored"] = i, ["duplicates"] = 0, ["conflicts"] = 0, ["called"] = "HSENET", ["host"] = "127.0.0.1" },
    };

    private static async Task WriteBareAsync(NpgsqlConnection connection, AuditEvent entry)
    {
        await using var command = new NpgsqlCommand(
            """
            insert into bare(event, dcm_code, dcm_type, action, outcome, actor, association_id, series_key, study_uid, series_uid, details)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
            """,
            connection);
        foreach (var value in (object?[])
        [
            entry.Kind.Name, entry.Kind.DcmCode, entry.Kind.DcmType, entry.Kind.Action.ToString(), (short)entry.Outcome, entry.Actor, entry.AssociationId,
            entry.SeriesKey, entry.StudyUid, entry.SeriesUid, JsonSerializer.Serialize(entry.Details),
        ])
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value });
        }

        await command.ExecuteNonQueryAsync();
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
