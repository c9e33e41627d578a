using HSENet.Worker.Audit;
using HSENet.Worker.Persistence;

namespace HSENet.Worker.Commands;

/// <summary>The row that a look at the audit leaves itself (PS3.15 A.5.3.2, Audit Log Used).</summary>
internal static class AuditLog
{
    public static async Task WriteAsync(
        Database database, AuditKind kind, AuditOutcome outcome, Dictionary<string, object?> details, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await connection.WriteAsync(new AuditEvent(kind, outcome, AuditEvent.User(Environment.UserName)) { Details = details }, cancellationToken);
    }
}
