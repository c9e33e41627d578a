using HSENet.TestKit;
using HSENet.Worker.Audit;
using HSENet.Worker.Persistence;
using Npgsql;

namespace HSENet.Integration.Tests.Audit;

/// <summary>Sealing beside writers: no committed row is passed over, none is sealed twice.</summary>
public sealed class AuditSealingTests
{
    [Fact]
    public async Task A_transaction_that_commits_after_a_seal_is_sealed_then()
    {
        await using var audit = await SealedAudit.CreateAsync();
        await using var late = await audit.OpenAsync();
        await using var transaction = await late.BeginTransactionAsync();
        await late.WriteAsync(SealedAudit.Row(0, "ae:LATE"), CancellationToken.None);         // event 1
        await audit.WriteAsync(5);                                                            // events 2 to 6
        Assert.Equal(5, await audit.Sealer.SealAsync(CancellationToken.None));
        await audit.WriteAsync(5);
        Assert.Equal(5, await audit.Sealer.SealAsync(CancellationToken.None));
        Assert.Equal(0, await audit.Sealer.SealAsync(CancellationToken.None));
        await late.WriteAsync(SealedAudit.Row(1, "ae:LATE"), CancellationToken.None);
        await transaction.CommitAsync();
        var before = await audit.VerifyAsync();
        Assert.Equal(2, await audit.Sealer.SealAsync(CancellationToken.None));
        var verdict = await audit.VerifyAsync(before.Head);

        Assert.Equal((2, 0), (before.UnsealedCount, before.FaultCount));
        Assert.Equal((12, 0, 0), (verdict.SealCount, verdict.UnsealedCount, verdict.FaultCount));
        Assert.Equal("1,12", await audit.Database.ScalarAsync<string>("select string_agg(event_id::text, ',' order by seq) from audit.seal where seq > 10"));
    }

    [Fact]
    public async Task A_transaction_that_is_rolled_back_leaves_no_fault()
    {
        await using var audit = await SealedAudit.CreateAsync(3);
        await using (var connection = await audit.OpenAsync())
        {
            await using var transaction = await connection.BeginTransactionAsync();
            await connection.WriteAsync(SealedAudit.Row(0), CancellationToken.None);
            await audit.Sealer.SealAsync(CancellationToken.None);
        }

        await audit.WriteAsync(1);
        Assert.Equal(1, await audit.Sealer.SealAsync(CancellationToken.None));
        Assert.Empty(await audit.FaultsAsync());
    }

    [Fact]
    public async Task Two_sealers_at_once_are_one_after_the_other_or_one_and_none()
    {
        await using var audit = await SealedAudit.CreateAsync();
        await audit.WriteAsync(3);
        await using var holder = await audit.OpenAsync();
        await using (var transaction = await holder.BeginTransactionAsync())
        {
            Assert.Equal(3, await ScalarAsync(holder, "select audit.seal_rows(100)"));
            Assert.Equal(-1, await audit.Sealer.SealAsync(CancellationToken.None));
            await transaction.CommitAsync();
        }

        Assert.Equal(0, await audit.Sealer.SealAsync(CancellationToken.None));
        Assert.Empty(await audit.FaultsAsync());
    }

    [Fact]
    public async Task Writers_and_sealers_together_leave_every_row_sealed_once()
    {
        const int writers = 4;
        const int rowsEach = 50;
        await using var audit = await SealedAudit.CreateAsync();
        using var done = new CancellationTokenSource();
        var sealers = Enumerable.Range(0, 2).Select(_ => Task.Run(async () =>
        {
            while (!done.IsCancellationRequested)
                await audit.NewSealer().SealAsync(CancellationToken.None);
        })).ToList();
        await Task.WhenAll(Enumerable.Range(0, writers).Select(w => Task.Run(async () =>
        {
            for (var i = 0; i < rowsEach; i++)
            {
                await using var connection = await audit.OpenAsync();
                await using var transaction = await connection.BeginTransactionAsync();
                await connection.WriteAsync(SealedAudit.Row(i, $"ae:W{w}"), CancellationToken.None);
                if (i % 7 == 0)
                    await transaction.RollbackAsync();
                else
                    await transaction.CommitAsync();
            }
        })));
        await done.CancelAsync();
        await Task.WhenAll(sealers);
        await audit.Sealer.SealAsync(CancellationToken.None);
        var verdict = await audit.VerifyAsync();

        var committed = writers * Enumerable.Range(0, rowsEach).Count(i => i % 7 != 0);
        Assert.Equal((committed, 0, 0), (verdict.SealCount, verdict.UnsealedCount, verdict.FaultCount));
    }

    [Fact]
    public async Task A_batch_that_is_too_small_is_gone_on_with()
    {
        await using var audit = await SealedAudit.CreateAsync();
        await using (var connection = await audit.OpenAsync())
        {
            await using var transaction = await connection.BeginTransactionAsync();
            for (var i = 0; i < 25; i++)
                await connection.WriteAsync(SealedAudit.Row(i), CancellationToken.None);
            await transaction.CommitAsync();
        }

        await audit.WriteAsync(5);
        await using var sealer = await audit.OpenAsync();
        var counts = new List<int>();
        do
            counts.Add(await ScalarAsync(sealer, "select audit.seal_rows(10)"));
        while (counts[^1] > 0);
        Assert.Equal([10, 10, 10, 0], counts);
        Assert.Empty(await audit.FaultsAsync());
    }

    [Fact]
    public async Task A_dump_restored_on_another_server_is_sealed_on()
    {
        await using var audit = await SealedAudit.CreateAsync(3);
        await audit.Database.TamperAsync("update audit.seal_state set sealed_below = '9000000000000'");     // transactions of the old server
        await audit.WriteAsync(2);
        Assert.Equal(2, await audit.Sealer.SealAsync(CancellationToken.None));
        Assert.Empty(await audit.FaultsAsync());
    }

    [Fact]
    public async Task A_row_without_a_month_of_its_own_is_kept_and_sealed()
    {
        await using var audit = await SealedAudit.CreateAsync(2);
        var month = await audit.Database.ScalarAsync<string>("select to_char(now() at time zone 'UTC', 'YYYY_MM')");
        await audit.Database.TamperAsync($"alter table audit.event detach partition audit.event_{month}; drop table audit.event_{month}");
        await audit.WriteAsync(2);
        Assert.Equal(2, await audit.Sealer.SealAsync(CancellationToken.None));

        Assert.Equal(2, await audit.Database.ScalarAsync<long>("select count(*) from audit.event_default"));
        Assert.Equal(["deleted 1 1", "deleted 2 2"], await audit.FaultsAsync());
        await using var connection = await audit.OpenAsync();
        Assert.Equal(0, await ScalarAsync(connection, "select audit.ensure_month(current_date)::int"));       // its rows stay where they are
    }

    [Fact]
    public async Task Rows_from_before_the_chain_are_sealed_by_the_migration()
    {
        await using var database = await TestDatabase.CreateAsync();
        await Migrator.MigrateAsync(database.OwnerConnectionString, CancellationToken.None);

        // back to the schema before, with rows in two partitions
        await database.ExecuteAsync(
            """
            drop function audit.seal_rows(int), audit.row_hash(audit.event), audit.field(text);
            drop table audit.seal, audit.seal_state;
            alter table audit.event drop column xid;
            grant insert on audit.event to hsenet_service;
            delete from schema_journal where scriptname like '%0006%';
            insert into audit.event(at, event, action, outcome, actor) select '2020-02-29 12:34:56.789012+03', 'old', 'E', 0, 'n' || n from generate_series(1, 30) n;
            insert into audit.event(event, action, outcome, actor, details) select 'new', 'E', 0, 'n' || n, '{"a":  1}' from generate_series(1, 30) n;
            """);
        Assert.Single(await Migrator.MigrateAsync(database.OwnerConnectionString, CancellationToken.None));
        await using var service = new Database(database.ServiceConnectionString);
        var verdict = await new AuditVerifier(service).VerifyAsync(null, CancellationToken.None);

        Assert.Equal((60, 60, 0, 0), (verdict.Head.Seq, verdict.SealCount, verdict.UnsealedCount, verdict.FaultCount));
    }

    [Theory]
    [InlineData("insert into audit.seal values (1000, 1, now(), sha256(''), sha256(''))")]
    [InlineData("update audit.seal set row_hash = sha256('')")]
    [InlineData("delete from audit.seal")]
    [InlineData("truncate audit.seal")]
    [InlineData("update audit.seal_state set sealed_below = '9000000000000'")]
    [InlineData("insert into audit.event(event, action, outcome, actor, xid) values ('e', 'E', 0, 'a', '1')")]
    [InlineData("insert into audit.event(event, action, outcome, actor, at) values ('e', 'E', 0, 'a', '2020-01-01')")]
    public async Task The_service_can_neither_seal_by_itself_nor_write_behind_the_sealer(string sql)
    {
        await using var audit = await SealedAudit.CreateAsync(2);
        await using var connection = await audit.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        var refusal = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync());
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refusal.SqlState);
    }

    [Theory]
    [InlineData("update audit.seal set row_hash = sha256('')")]
    [InlineData("delete from audit.seal")]
    [InlineData("truncate audit.seal")]
    public async Task The_owner_is_kept_from_the_seals_by_triggers(string sql)
    {
        await using var audit = await SealedAudit.CreateAsync(2);
        var refusal = await Assert.ThrowsAsync<PostgresException>(() => audit.Database.ExecuteAsync(sql));
        Assert.Contains("append-only", refusal.MessageText, StringComparison.Ordinal);
    }

    private static async Task<int> ScalarAsync(NpgsqlConnection connection, string sql)
    {
#pragma warning disable CA2100 // the statements are the test's own
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        return (int)(await command.ExecuteScalarAsync())!;
    }
}
