using System.Collections.Concurrent;
using System.Diagnostics;
using HSENet.Dicom.Guarding;
using HSENet.Dicom.Receiving;
using HSENet.Worker.Configuration;
using HSENet.Worker.Hosting;
using HSENet.Worker.Observability;
using HSENet.Worker.Series;

namespace HSENet.Worker.Ingest;

/// <summary>The host's side of the SCP: admits associations, hands out sinks, records how associations end.</summary>
internal sealed class InstanceReceiver(
    WorkerSettings settings,
    SourcePolicy sources,
    SpoolStore spool,
    InstanceStore store,
    AssociationStore associations,
    RefusalWatch refusals,
    EndedAssociations ended,
    SeriesSignal seriesSignal,
    SeriesWatch watch,
    WorkObservers observers,
    WorkerMetrics metrics,
    TimeProvider time,
    ILogger<InstanceReceiver> log) : IInstanceReceiver
{
    /// <summary>PS3.8 9.3.4.</summary>
    private const int RejectedTransient = 2;

    private readonly ConcurrentDictionary<Guid, OpenAssociation> _open = new();
    private readonly FairShare _byAddress = new(settings.Dicom.Limits.Associations, settings.Dicom.Limits.AssociationsPerAddress);
    private readonly FairShare _byAe = new(settings.Dicom.Limits.Associations, settings.Dicom.Limits.AssociationsPerAe);

    /// <summary>Associations that are open now.</summary>
    public int OpenCount => _open.Count;

    public async ValueTask<AssociationVerdict> OnAssociationAsync(AssociationContext association, CancellationToken cancellationToken)
    {
        var context = Clean(association);
        if (!string.Equals(context.CalledAe, settings.Dicom.AeTitle, StringComparison.Ordinal))
        {
            return await RefuseAsync(context, "association.called-ae", new AssociationVerdict.Reject(1, 1, 7), cancellationToken);
        }

        if (!sources.Allows(context.CallingAe, context.RemoteHost, context.CertificateNames))
        {
            return await RefuseAsync(context, "association.calling-ae", new AssociationVerdict.Reject(1, 1, 3), cancellationToken);
        }

        if (spool.IsShort)
        {
            store.TellSpaceIsShort();
            return await RefuseAsync(context, "spool.short", new AssociationVerdict.Reject(2, 3, 1), cancellationToken);
        }

        // past the limit as transient: local limit exceeded (PS3.8 table 9-21: 2/3/2)
        return TryReserve(context)
            ? await OpenAsync(context, cancellationToken)
            : await RefuseAsync(context, "association.limit", new AssociationVerdict.Reject(2, 3, 2), cancellationToken);
    }

    /// <summary>On a place that was reserved, which is the association's from now on, or free again.</summary>
    private async ValueTask<AssociationVerdict> OpenAsync(AssociationContext context, CancellationToken cancellationToken)
    {
        OpenAssociation? opened = null;
        var span = Tracing.Start("hsenet.ingest", null, ActivityKind.Server);
        span?.SetTag("hsenet.association", context.Id).SetTag("hsenet.calling_ae", context.CallingAe);
        try
        {
            await associations.OpenAsync(context, spool.HostId, span?.Id, cancellationToken);
            opened = new OpenAssociation(context, spool, span);
        }
#pragma warning disable CA1031 // without the ledger nothing can be stored: ask the sender to come back
        catch (Exception e) when (e is not OperationCanceledException)
#pragma warning restore CA1031
        {
            IngestLog.LedgerUnavailable(log, e);
            metrics.Refused("association", "ledger.unavailable");
            watch.TurnedAway(context.CallingAe);
            span.Fail("ledger.unavailable");
            span?.Dispose();
            return new AssociationVerdict.Reject(2, 3, 1);
        }
        finally
        {
            Settle(context, opened);
        }

        IngestLog.AssociationOpened(log, context.Id, context.CallingAe);
        return AssociationVerdict.Accept.Instance;
    }

    public IInstanceSink Begin(IncomingInstance incoming)
    {
        var association = _open.GetOrAdd(incoming.Association.Id, _ => new OpenAssociation(Clean(incoming.Association), spool));
        return new InstanceSink(incoming, association, store, isShort: spool.IsShort);
    }

    public void OnAssociationEnding(AssociationContext association, TimeSpan silence)
    {
        if (_open.TryGetValue(association.Id, out var open))
        {
            open.HeardLast ??= time.GetTimestamp() - (long)(silence.TotalSeconds * time.TimestampFrequency);
        }
    }

    public async ValueTask OnAssociationEndedAsync(AssociationContext association, AssociationEnd end, CancellationToken cancellationToken)
    {
        if (!_open.TryRemove(association.Id, out var open))
        {
            return;
        }

        GiveBack(open.Context);
        var heardLast = open.HeardLast ?? time.GetTimestamp();
        watch.Ended(association.Id);
        var span = open.Span;
        await open.Next.DiscardAsync();
        var ending = end switch
        {
            AssociationEnd.Released => "released",
            AssociationEnd.Aborted => "aborted",
            AssociationEnd.TimedOut => "timed-out",
            AssociationEnd.Stopped => SeriesAssociation.HostStopped,
            _ => "connection-lost",
        };
        var (stored, duplicates, conflicts, refused) = open.Counts;
        var level = conflicts + refused > 0 ? LogLevel.Warning : LogLevel.Information;
        IngestLog.AssociationClosed(log, level, association.Id, ending, stored, duplicates, conflicts, refused);
        await ended.RecordAsync(new EndedAssociation(open.Context, ending, heardLast, open.Counts, open.Unstored, open.Untold));
        span?.SetTag("hsenet.ending", ending).SetTag("hsenet.stored", stored);
        span?.Dispose();
        seriesSignal.Signal.Pulse();
        observers.Tell(o => o.AssociationClosed(
            new AssociationSummary(association.Id, open.Context.CallingAe, ending, stored, duplicates, conflicts, refused)));
    }

    public bool Admits(string remoteHost) => sources.Covers(remoteHost);

    public void OnConnectionRefused(RefusedConnection refused)
    {
        metrics.Refused("connection", refused.Code);
        refusals.Report(refused);
    }

    public void OnNothingAccepted(AssociationContext association)
    {
        metrics.Refused("association", RefusalWatch.ContextsCode);
        refusals.ReportContexts(Clean(association));
    }

    public void OnMessageRefused(AssociationContext association, RefusedMessage refused)
    {
        metrics.Refused(refused.IsInstance ? "instance" : "message", refused.Code);
        if (!_open.TryGetValue(association.Id, out var open))
        {
            return;
        }

        open.CountUntold(refused.Code);
        if (refused.IsInstance)
        {
            open.CountRefused();
            if (refused.Code != RefusedMessage.ClassCode)
            {
                open.Answered(refused.SopInstanceUid, refused.Status); // its sender may have to come back; a class that is not taken is no slice
            }
            metrics.InstanceReceived("refused", 0);
        }
    }

    /// <summary>Before anything is awaited: of those that ask at once no more get in than there are places.</summary>
    private bool TryReserve(AssociationContext context)
    {
        if (!_byAddress.TryTake(AddressHolder.Of(context.RemoteHost)))
        {
            return false;
        }

        if (_byAe.TryTake(context.CallingAe))
        {
            return true;
        }

        _byAddress.Give(AddressHolder.Of(context.RemoteHost));
        return false;
    }

    private void Settle(AssociationContext context, OpenAssociation? opened)
    {
        if (opened is null)
        {
            GiveBack(context);
        }
        else
        {
            _open[context.Id] = opened;
        }
    }

    private void GiveBack(AssociationContext context)
    {
        _byAddress.Give(AddressHolder.Of(context.RemoteHost));
        _byAe.Give(context.CallingAe);
    }

    private async ValueTask<AssociationVerdict> RefuseAsync(
        AssociationContext context, string reason, AssociationVerdict.Reject verdict, CancellationToken cancellationToken)
    {
        if (verdict is AssociationVerdict.Reject { Result: RejectedTransient })
        {
            watch.TurnedAway(context.CallingAe);
        }

        metrics.Refused("association", reason);
        await refusals.TellAsync(context, reason, cancellationToken);
        return verdict;
    }

    /// <summary>AE titles as the peer sent them may hold anything: control characters never reach rows or logs.</summary>
    private static AssociationContext Clean(AssociationContext context) => context with
    {
        CallingAe = Clean(context.CallingAe),
        CalledAe = Clean(context.CalledAe),
    };

    private static string Clean(string text) => string.Create(Math.Min(text.Length, 16), text, static (span, source) =>
    {
        for (var i = 0; i < span.Length; i++)
        {
            span[i] = source[i] is >= ' ' and <= '~' ? source[i] : '?';
        }
    }).Trim(' ');
}
