using System.Collections.Concurrent;
using HSENet.Dicom.Receiving;
using HSENet.Worker.Hosting;

namespace HSENet.Worker.Ingest;

/// <summary>An association that is over.</summary>
/// <param name="Context">Which.</param>
/// <param name="Ending">released, aborted, connection-lost or timed-out.</param>
/// <param name="HeardLast">Timestamp of when its peer was last heard of.</param>
/// <param name="Counts">What became of its instances.</param>
/// <param name="Unstored">What was answered with a failure, and has not come since.</param>
/// <param name="Untold">Refusals that have no audit row of their own, by reason code.</param>
internal sealed record EndedAssociation(
    AssociationContext Context,
    string Ending,
    long HeardLast,
    (int Stored, int Duplicates, int Conflicts, int Refused) Counts,
    IReadOnlyCollection<UnstoredInstance> Unstored,
    IReadOnlyDictionary<string, int> Untold);

/// <summary>
/// Records how associations ended. While the database is away the ends wait here: a row that stayed open would keep its series from being complete until the
/// deadline, and its report would call itself partial. The audit of what was refused is one transaction with the end, and waits with it. What still waits when the
/// process dies, its successor closes; of its refusals the log has the number.
/// </summary>
internal sealed class EndedAssociations(AssociationStore store, SeriesSignal series, SweepLoop loop, ILogger<EndedAssociations> log) : BackgroundService
{
    private readonly ConcurrentQueue<EndedAssociation> _waiting = new();
    private readonly WakeSignal _signal = new();

    /// <summary>Never throws: it is recorded now, or waits for the database.</summary>
    public async Task RecordAsync(EndedAssociation ended)
    {
        try
        {
            // not the association's token: its end must be recorded however it came about
            await store.CloseAsync(ended, CancellationToken.None);
        }
#pragma warning disable CA1031 // whatever it was, the sweep tries again
        catch (Exception e)
#pragma warning restore CA1031
        {
            IngestLog.LedgerUnavailable(log, e);
            _waiting.Enqueue(ended);
        }
    }

    /// <summary>Records those that wait, in their order.</summary>
    internal async Task<bool> SweepAsync(CancellationToken cancellationToken)
    {
        while (_waiting.TryPeek(out var ended))
        {
            await store.CloseAsync(ended, cancellationToken);
            _waiting.TryDequeue(out _);
            series.Signal.Pulse();
        }

        return false;
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => loop.RunAsync("associations", _signal, SweepAsync, stoppingToken);
}
