using HSENet.Worker.Audit;
using Npgsql;

namespace HSENet.Worker.Demo;

/// <summary>Reads the whole audit as JSON Lines.</summary>
internal static class DemoAudit
{
    public static async Task<IReadOnlyList<string>> ReadAsync(string connectionString, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancellationToken);
        return await AuditExport.ReadAsync(connection, new AuditFilter(), cancellationToken).ToListAsync(cancellationToken);
    }
}
