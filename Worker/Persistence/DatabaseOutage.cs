using Npgsql;

namespace HSENet.Worker.Persistence;

/// <summary>Tells a database that does not answer from one that answers with an error.</summary>
internal static class DatabaseOutage
{
    /// <summary>Whether the exception, or what is behind it, is a connection that could not be made or broke.</summary>
    public static bool Is(Exception? exception)
    {
        for (var e = exception; e is not null; e = e.InnerException)
        {
            if (e is PostgresException answer)
            {
                // the server shuts down, was killed, starts, or has no connection left
                return answer.SqlState is PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown
                        or PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.TooManyConnections
                    || answer.SqlState.StartsWith("08", StringComparison.Ordinal);
            }

            if (e is NpgsqlException)
            {
                return true;
            }
        }

        return false;
    }
}
