using HSENet.TestKit;
using Npgsql;

namespace HSENet.Integration.Tests;

public sealed class AuditTests
{
    private const string Partition = "(select format('audit.%I', relname) from pg_class where relname like 'event_2%' order by relname limit 1)";

    [Theory]
    [InlineData("update audit.event set actor = 'x'")]
    [InlineData("delete from audit.event")]
    [InlineData("truncate audit.event")]
    [InlineData("update audit.event_default set actor = 'x'")]
    [InlineData("delete from audit.event_default")]
    [InlineData("truncate audit.event_default")]
    [InlineData("insert into audit.event_default select * from audit.event")]
    [InlineData("alter table audit.event disable trigger all")]
    [InlineData("drop table audit.event")]
    [InlineData("update draft set text = 'x'")]
    [InlineData("delete from job")]
    public async Task The_service_cannot_change_what_was_written(string sql)
    {
        await using var database = await CreateAsync();
        var refusal = await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(database.ServiceConnectionString, sql));
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refusal.SqlState);
    }

    [Theory]
    [InlineData("update audit.event set actor = 'x'")]
    [InlineData("delete from audit.event")]
    [InlineData("truncate audit.event")]
    [InlineData("truncate audit.event_default")]
    public async Task The_owner_is_refused_by_triggers(string sql)
    {
        await using var database = await CreateAsync();
        var refusal = await Assert.ThrowsAsync<PostgresException>(() => database.ExecuteAsync(sql));
        Assert.Contains("append-only", refusal.MessageText, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("update {0} set actor = 'x'")]
    [InlineData("delete from {0}")]
    [InlineData("truncate {0}")]
    public async Task Partitions_are_as_closed_as_their_parent(string sql)
    {
        await using var database = await CreateAsync();
        var partition = await database.ScalarAsync<string>($"select {Partition}");
        var statement = string.Format(null, sql, partition);

        var service = await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(database.ServiceConnectionString, statement));
        var owner = await Assert.ThrowsAsync<PostgresException>(() => database.ExecuteAsync(statement));

        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, service.SqlState);
        Assert.Contains("append-only", owner.MessageText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_service_makes_partitions_near_today_and_no_others()
    {
        await using var database = await CreateAsync();
        await ExecuteAsync(database.ServiceConnectionString, "select audit.ensure_month((current_date + interval '5 months')::date)");
        var refusal = await Assert.ThrowsAsync<PostgresException>(
            () => ExecuteAsync(database.ServiceConnectionString, "select audit.ensure_month('2099-01-01')"));

        Assert.Equal("22023", refusal.SqlState);
        Assert.Equal(5L, await database.ScalarAsync<long>("select count(*) from pg_class where relname ~ '^event_2[0-9]{3}_[0-9]{2}$'"));
    }

    private static async Task<TestDatabase> CreateAsync()
    {
        var database = await MigratedDatabase.CreateAsync();
        await ExecuteAsync(database.ServiceConnectionString, "insert into audit.event(event, action, outcome, actor) values ('test', 'E', 0, 'service')");
        return database;
    }

    private static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // the statements are the test's own
        command.CommandText = sql;
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }
}
