using Dapper;
using HSENet.Worker.Persistence;

namespace HSENet.Worker.Ingest;

/// <summary>
/// One spool for each database. Rows do not tell whose spool their files are in: a gateway with another one, or with an empty folder where its disk should be mounted, would
/// take every file for lost and refuse its series. The first gateway's spool is the database's until an operator takes that back.
/// </summary>
internal sealed class SpoolClaim(Database database)
{
    private const string ClaimSql = """
        update installation set spool_id = @spoolId where spool_id is null;
        select spool_id from installation
        """;

    /// <exception cref="WorkerException"><c>spool.other</c>: the database knows another spool.</exception>
    public async Task EnsureAsync(string spoolId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var known = await connection.QuerySingleAsync<string>(new CommandDefinition(ClaimSql, new { spoolId }, cancellationToken: cancellationToken));
        if (!string.Equals(known, spoolId, StringComparison.Ordinal))
        {
            throw new WorkerException(
                "spool.other",
                $"the database works with the spool {known}, under HSENet:Data:Directory is the spool {spoolId}: "
                    + "mount the right one (operations.md tells what to do when it is lost)");
        }
    }
}
