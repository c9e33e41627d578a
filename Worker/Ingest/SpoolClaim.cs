using Dapper;
using HSENet.Worker.Persistence;

namespace HSENet.Worker.Ingest;

/// <summary>
/// One spool for each database. Rows do not tell whose spool their files are in: a gateway with another one, or with an empty folder where its disk should be mounted, would
/// take every file for lost and refuse its series. The first gateway's spool is the database's until an operator takes that back. A database without work of its own that is
/// given a spool with a past goes on under the identity that lies in the spool, so that what it makes again is the same.
/// </summary>
internal sealed class SpoolClaim(Database database, SpoolHold hold)
{
    private const string KnownSql = """
        select spool_id, deployment_id, exists (select from series) as has_work from installation
        """;

    private const string AdoptSql = "update installation set spool_id = @HostId, deployment_id = @deploymentId where spool_id is null";

    /// <summary>With the lock of the database, which is held from here on.</summary>
    /// <returns>How the spool stood to the database.</returns>
    /// <exception cref="WorkerException">
    /// <c>spool.locked</c>: another gateway lives; <c>spool.other</c>: the database knows another spool, or the spool is of another installation; <c>spool.copied</c>: its work went
    /// on elsewhere.
    /// </exception>
    public async Task<TurnStanding> EnsureAsync(SpoolStore spool, CancellationToken cancellationToken)
    {
        await hold.LockAsync(spool, cancellationToken);
        await using var connection = await database.OpenAsync(cancellationToken);
        var known = await connection.QuerySingleAsync<(string? SpoolId, Guid DeploymentId, bool HasWork)>(
            new CommandDefinition(KnownSql, cancellationToken: cancellationToken));
        if (known.SpoolId is { } spoolId && !string.Equals(spoolId, spool.HostId, StringComparison.Ordinal))
        {
            throw new WorkerException(
                "spool.other",
                $"the database works with the spool {spoolId}, under HSENet:Data:Directory is the spool {spool.HostId}: "
                    + "mount the right one (operations.md tells what to do when it is lost)");
        }

        var deploymentId = spool.DeploymentId ?? known.DeploymentId;
        if (deploymentId != known.DeploymentId && (known.SpoolId is not null || known.HasWork))
        {
            throw new WorkerException(
                "spool.other",
                $"the spool under HSENet:Data:Directory is of the installation {deploymentId:N}, the database is of the installation {known.DeploymentId:N} "
                    + "and has work of its own: mount the right one");
        }

        await connection.ExecuteAsync(new CommandDefinition(AdoptSql, new { spool.HostId, deploymentId }, cancellationToken: cancellationToken));
        if (spool.DeploymentId is null)
        {
            spool.SetDeploymentId(deploymentId);
        }

        return await hold.BeginAsync(spool, isNew: known.SpoolId is null, cancellationToken);
    }
}
