using Dapper;
using Npgsql;

namespace HSENet.Worker.Delivery;

/// <summary>
/// A destination that refuses a report for good gets no other one for a while: what it refuses may be all of them (an authorization, a
/// class, an attribute that it wants). One report is tried after a quarter of an hour, then after ever longer, at most four hours; the
/// first that is taken, or an operator's retry, ends it.
/// </summary>
internal static class DestinationStop
{
    private const string StopSql = """
        insert into destination_stop(destination, job_id, code, detail, probe_at) values (@destination, @jobId, @code, @detail, now() + interval '15 minutes')
        on conflict (destination) do update set job_id = excluded.job_id, code = excluded.code, detail = excluded.detail,
               refused_count = destination_stop.refused_count + 1,
               probe_at = now() + least(interval '4 hours', interval '15 minutes' * power(2, least(destination_stop.refused_count, 8)))
        """;

    private const string WaitingSql = "select count(*)::int from delivery where destination = @destination and state = 'pending'";

    /// <summary>In the transaction that fails a delivery.</summary>
    /// <returns>How many other reports wait.</returns>
    public static async Task<int> StopAsync(
        NpgsqlConnection connection, string destination, Guid jobId, string code, string detail, CancellationToken cancellationToken)
    {
        await connection.ExecuteAsync(new CommandDefinition(StopSql, new { destination, jobId, code, detail }, cancellationToken: cancellationToken));
        return await connection.ExecuteScalarAsync<int>(new CommandDefinition(WaitingSql, new { destination }, cancellationToken: cancellationToken));
    }

    /// <summary>In the transaction that stores a report there, or restarts its deliveries.</summary>
    /// <returns>True when it was stopped.</returns>
    public static async Task<bool> ResumeAsync(NpgsqlConnection connection, string destination, CancellationToken cancellationToken) =>
        await connection.ExecuteAsync(new CommandDefinition(
            "delete from destination_stop where destination = @destination", new { destination }, cancellationToken: cancellationToken)) > 0;

    /// <summary>Those that are stopped, by name.</summary>
    public static async Task<IReadOnlyList<string>> NamesAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        [.. await connection.QueryAsync<string>(new CommandDefinition("select destination from destination_stop order by destination", cancellationToken: cancellationToken))];
}
