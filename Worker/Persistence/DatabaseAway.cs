using System.Net.Sockets;
using Npgsql;

namespace HSENet.Worker.Persistence;

/// <summary>
/// Tells a database that is away (down, starting, full, read-only after a switch-over, being restored) from a statement that is wrong.
/// </summary>
internal static class DatabaseAway
{
    // classes of PostgreSQL's error codes: connection, authorization, catalog name, rollback, resources, intervention, system
    private static readonly string[] s_classes = ["08", "28", "3D", "40", "53", "57", "58"];

    private const string ReadOnlyTransaction = "25006";
    private const string QueryCanceled = "57014";

    public static bool Is(Exception exception) => exception switch
    {
        _ when IsCancellation(exception) => false,
        PostgresException e => e.IsTransient || e.SqlState == ReadOnlyTransaction || s_classes.Contains(e.SqlState[..2]),
        NpgsqlException or TimeoutException or SocketException => true,
        IOException { InnerException: SocketException } => true,
        _ => false,
    };

    /// <summary>
    /// The database is there and cancelled the statement: an administrator did, or a limit of the server's (<c>statement_timeout</c>). Of
    /// the class of interventions, but nothing that need ever end.
    /// </summary>
    public static bool IsCancellation(Exception exception) => exception is PostgresException { SqlState: QueryCanceled };
}
