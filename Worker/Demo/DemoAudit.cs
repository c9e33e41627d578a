using Dapper;
using Npgsql;

namespace HSENet.Worker.Demo;

/// <summary>Reads the audit as JSON Lines.</summary>
internal static class DemoAudit
{
    private const string Sql = """
        select jsonb_strip_nulls(to_jsonb(e) || jsonb_build_object('details', e.details::jsonb))::text from audit.event e order by e.event_id
        """;

    public static async Task<IReadOnlyList<string>> ReadAsync(string connectionString, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        return (await connection.QueryAsync<string>(new CommandDefinition(Sql, cancellationToken: cancellationToken))).AsList();
    }
}
