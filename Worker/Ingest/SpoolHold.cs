using Dapper;
using HSENet.Worker.Persistence;
using Npgsql;

namespace HSENet.Worker.Ingest;

/// <summary>
/// One live gateway for each database, whatever folder it works in: a session lock, which ends with the process. The lock in the folder keeps a second gateway from the same
/// spool and knows nothing of a copy.
/// <list type="bullet">
/// <item>The holder was killed: the server drops its lock with the connection, the next one on the same folder takes it at once.</item>
/// <item>The holder lost its connection: it goes on receiving (nothing is acknowledged without the database anyway) and takes the lock back as soon as the database is there. A
/// gateway on a copy that finds the lock free meanwhile waits longer than that takes; it is on a copy, for its folder is not the one that the holder worked in.</item>
/// <item>The holder was away for longer and another one has had its turn: the holder stops (<c>spool.taken</c>), for the work went on elsewhere.</item>
/// <item>A copy, or the original after a copy had its turn, is refused at every start (<c>spool.copied</c>): the turn in it is older than the database's.</item>
/// </list>
/// </summary>
internal sealed class SpoolHold(Database database, SpoolHoldTiming timing, TimeProvider time) : IAsyncDisposable
{
    private const long LockKey = 0x4853454E6554;     // one for each database: "HSEneT"

    // a host that is gone without a word is found out by the server within fifteen seconds
    private const string SessionSql = "set tcp_keepalives_idle = 5; set tcp_keepalives_interval = 3; set tcp_keepalives_count = 3";

    private const string KnownSql = "select spool_id, spool_turn, spool_nonce, spool_folder, spool_holder from installation";

    private const string TurnSql = """
        update installation set spool_turn = @Number, spool_nonce = @Nonce, spool_folder = @folder, spool_holder = @holder
        """;

    private NpgsqlConnection? _session;
    private SpoolTurn? _turn;

    /// <summary>Takes the lock, waiting for one that is about to end.</summary>
    /// <param name="spool">The spool, opened.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="WorkerException"><c>spool.locked</c>: another gateway lives.</exception>
    public async Task LockAsync(SpoolStore spool, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var hasWaited = false;
        while (true)
        {
            var session = await OpenAsync(cancellationToken);
            var known = await session.QuerySingleAsync<Known>(new CommandDefinition(KnownSql, cancellationToken: cancellationToken));
            var isElsewhere = known.SpoolId == spool.HostId && known.SpoolFolder is { } folder && (folder != spool.Identity || folder.Length == 0);
            var isFree = await TryLockAsync(session, cancellationToken);
            if (isFree && (!isElsewhere || hasWaited))
            {
                _session = session;
                return;
            }

            await session.DisposeAsync();
            if (!isFree && (isElsewhere || time.GetElapsedTime(began) > timing.Patience))
            {
                throw new WorkerException(
                    "spool.locked", $"another gateway works with this database ({known.SpoolHolder ?? "it has not said which"}): one gateway for each database, and none on a copy of its spool");
            }

            await Task.Delay(isFree ? timing.Return : timing.Pause, time, cancellationToken);
            hasWaited |= isFree;
        }
    }

    /// <summary>With the lock: this process's turn begins, first in the spool, then in the database.</summary>
    /// <param name="spool">The spool, opened.</param>
    /// <param name="isNew">The database has no spool: whatever turn it knows is over.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>How the spool stood to the database.</returns>
    /// <exception cref="WorkerException"><c>spool.copied</c>.</exception>
    public async Task<TurnStanding> BeginAsync(SpoolStore spool, bool isNew, CancellationToken cancellationToken)
    {
        var session = _session ?? throw new InvalidOperationException("the lock comes first");
        var known = await session.QuerySingleAsync<Known>(new CommandDefinition(KnownSql, cancellationToken: cancellationToken));
        var standing = isNew ? TurnStanding.Current : SpoolTurn.Compare(spool.Turn, known.Turn);
        if (standing == TurnStanding.SpoolIsOlder)
        {
            throw new WorkerException(
                "spool.copied",
                $"the work of this spool went on elsewhere ({known.SpoolHolder}): it is a copy, or was restored from an earlier state. "
                    + "Mount the one that was in use last (operations.md tells what to do when it is lost)");
        }

        var turn = SpoolTurn.After(spool.Turn, known.Turn);
        spool.SetTurn(turn);
        await session.ExecuteAsync(new CommandDefinition(
            TurnSql,
            new { turn.Number, turn.Nonce, folder = spool.Identity, holder = $"{Environment.MachineName}, process {Environment.ProcessId}, {spool.Root}" },
            cancellationToken: cancellationToken));
        _turn = turn;
        return standing;
    }

    /// <summary>Returns when the lock is lost with its session.</summary>
    public async Task WaitForLossAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (_session is { } session)
            {
                if (!await session.WaitAsync(timing.Probe, cancellationToken))
                {
                    await session.ExecuteAsync(new CommandDefinition("select 1", commandTimeout: 10, cancellationToken: cancellationToken));
                }
            }
        }
        catch (Exception e) when (IsOutage(e))
        {
            // it is lost
        }
    }

    /// <summary>One try to take the lock back.</summary>
    /// <returns>False: not now.</returns>
    /// <exception cref="WorkerException"><c>spool.taken</c>: another gateway has had its turn.</exception>
    public async Task<bool> TryReturnAsync(CancellationToken cancellationToken)
    {
        NpgsqlConnection? session = null;
        try
        {
            if (_session is { } lost)
            {
                _session = null;
                await lost.DisposeAsync();
            }

            session = await OpenAsync(cancellationToken);
            var isFree = await TryLockAsync(session, cancellationToken);
            var known = await session.QuerySingleAsync<Known>(new CommandDefinition(KnownSql, cancellationToken: cancellationToken));
            var standing = SpoolTurn.Compare(_turn, known.Turn);
            if (standing == TurnStanding.SpoolIsOlder)
            {
                throw new WorkerException("spool.taken", $"while this gateway had no connection to the database another one has taken its place ({known.SpoolHolder})");
            }

            if (isFree && standing == TurnStanding.DatabaseIsOlder)
            {
                // restored beneath us
                await session.ExecuteAsync(new CommandDefinition(
                    "update installation set spool_turn = @Number, spool_nonce = @Nonce", _turn, cancellationToken: cancellationToken));
            }

            if (isFree)
            {
                (_session, session) = (session, null);
            }

            return isFree;
        }
        catch (Exception e) when (IsOutage(e))
        {
            return false;
        }
        finally
        {
            if (session is not null)
            {
                await session.DisposeAsync();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_session is { } session)
        {
            _session = null;
            await session.DisposeAsync();
        }
    }

    private static bool IsOutage(Exception e) => e is NpgsqlException or TimeoutException or System.Net.Sockets.SocketException or IOException or ObjectDisposedException or InvalidOperationException;

    private async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var session = await database.OpenOwnAsync(cancellationToken);
        try
        {
            await session.ExecuteAsync(new CommandDefinition(SessionSql, cancellationToken: cancellationToken));
            return session;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    private static Task<bool> TryLockAsync(NpgsqlConnection session, CancellationToken cancellationToken) =>
        session.ExecuteScalarAsync<bool>(new CommandDefinition("select pg_try_advisory_lock(@LockKey)", new { LockKey }, cancellationToken: cancellationToken));

    private sealed record Known
    {
        public string? SpoolId { get; init; }

        public required long SpoolTurn { get; init; }

        public string? SpoolNonce { get; init; }

        public string? SpoolFolder { get; init; }

        public string? SpoolHolder { get; init; }

        public SpoolTurn? Turn => SpoolNonce is null ? null : new(SpoolTurn, SpoolNonce);
    }
}
