using System.Threading.Channels;
using HSENet.Dicom.Guarding;
using HSENet.Dicom.Receiving;
using HSENet.Dicom.Security;
using HSENet.Worker.Audit;
using HSENet.Worker.Commitment;
using HSENet.Worker.Observability;
using HSENet.Worker.Persistence;

namespace HSENet.Worker.Ingest;

/// <summary>Tells of peers that are turned away: log and audit (security alert), repeated ones summed up.</summary>
internal sealed class RefusalWatch(Database database, TimeProvider time, ILogger<RefusalWatch> log) : BackgroundService
{
    /// <summary>Stable code: no presentation context of an association was accepted.</summary>
    public const string ContextsCode = "association.contexts";

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(5);

    private readonly Channel<Turned> _arriving = Channel.CreateBounded<Turned>(
        new BoundedChannelOptions(1000) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    private readonly Lock _lock = new();
    private readonly RepeatedFailures _repeated = new(Window);

    /// <summary>Never blocks. One that only went away (a probe of the port) is no alert.</summary>
    public void Report(HandshakeFailure failure)
    {
        if (failure.Code == "tls.closed")
        {
            IngestLog.HandshakeAbandoned(log, failure.RemoteHost);
        }
        else
        {
            _arriving.Writer.TryWrite(new Turned(TurnedAway.Handshake, failure.RemoteHost, failure.Code, "", failure.Detail));
        }
    }

    /// <summary>Never blocks.</summary>
    public void Report(RefusedConnection refused) =>
        _arriving.Writer.TryWrite(new Turned(TurnedAway.Connection, refused.RemoteHost, refused.Code, "", refused.Detail));

    /// <summary>Never blocks. An association that was accepted and can carry nothing.</summary>
    public void ReportContexts(AssociationContext association) =>
        _arriving.Writer.TryWrite(new Turned(TurnedAway.Contexts, association.RemoteHost, ContextsCode, association.CallingAe, association.CalledAe));

    /// <summary>The first of its kind is in the audit when this returns.</summary>
    public Task TellAsync(AssociationContext association, string reason, CancellationToken cancellationToken) =>
        TellAsync(Note(new Turned(TurnedAway.Association, association.RemoteHost, reason, association.CallingAe, association.CalledAe)), cancellationToken);

    /// <summary>As above, of a request for storage commitment.</summary>
    public Task TellCommitmentAsync(AssociationContext association, string reason, CancellationToken cancellationToken) =>
        TellAsync(Note(new Turned(TurnedAway.Commitment, association.RemoteHost, reason, association.CallingAe, association.CalledAe)), cancellationToken);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            Task? arriving = null;
            while (!stoppingToken.IsCancellationRequested)
            {
                arriving = arriving is { IsCompleted: false } ? arriving : _arriving.Reader.WaitToReadAsync(stoppingToken).AsTask();
                await Task.WhenAny(arriving, Task.Delay(Tick, time, stoppingToken));
                while (_arriving.Reader.TryRead(out var turned))
                {
                    await TellAsync(Note(turned), CancellationToken.None);
                }

                await TellDueAsync(time.GetUtcNow());
            }
        }
        finally
        {
            // what is only counted so far is not lost with the process
            await TellDueAsync(DateTimeOffset.MaxValue);
        }
    }

    private ToldFailure? Note(Turned turned)
    {
        lock (_lock)
        {
            return _repeated.Note(turned, time.GetUtcNow());
        }
    }

    private async Task TellDueAsync(DateTimeOffset now)
    {
        IReadOnlyList<ToldFailure> due;
        lock (_lock)
        {
            due = _repeated.Due(now);
        }

        foreach (var told in due)
        {
            await TellAsync(told, CancellationToken.None);
        }
    }

    private async Task TellAsync(ToldFailure? told, CancellationToken cancellationToken)
    {
        if (told is null)
        {
            return;
        }

        var entry = Describe(told);
        try
        {
            await using var connection = await database.OpenAsync(cancellationToken);
            await connection.WriteAsync(entry, cancellationToken);
        }
#pragma warning disable CA1031 // the log has it
        catch (Exception e) when (e is not OperationCanceledException)
#pragma warning restore CA1031
        {
            IngestLog.AuditWriteFailed(log, e);
        }
    }

    private AuditEvent Describe(ToldFailure told)
    {
        var ((what, host, code, callingAe, detail), untold) = told;
        detail = OperatorText.Clean(detail);
        switch (what)
        {
            case TurnedAway.Handshake:
                IngestLog.HandshakeFailed(log, host, code, detail, untold);
                break;
            case TurnedAway.Contexts:
                IngestLog.NothingAccepted(log, callingAe, host, untold);
                break;
            case TurnedAway.Association:
                IngestLog.AssociationRejected(log, callingAe, host, code, untold);
                break;
            case TurnedAway.Commitment:
                CommitmentLog.UnknownRequester(log, callingAe, host, untold);
                break;
            default:
                IngestLog.ConnectionRefused(log, host, code, detail, untold);
                break;
        }

        var kind = what switch
        {
            TurnedAway.Handshake => AuditKind.HandshakeFailed,
            TurnedAway.Association => AuditKind.AssociationRefused,
            TurnedAway.Contexts => AuditKind.ContextsRefused,
            TurnedAway.Commitment => AuditKind.CommitmentRequestRefused,
            _ => AuditKind.ConnectionRefused,
        };
        var outcome = what is TurnedAway.Commitment or TurnedAway.Contexts ? AuditOutcome.MinorFailure : AuditOutcome.SeriousFailure;
        var isNamed = what is TurnedAway.Association or TurnedAway.Contexts or TurnedAway.Commitment;
        return new AuditEvent(kind, outcome, isNamed ? AuditEvent.Ae(callingAe) : AuditEvent.Service)
        {
            Reason = code,
            Details = new Dictionary<string, object?>
            {
                [isNamed ? "called" : "detail"] = detail,
                ["host"] = host,
                ["count"] = Math.Max(1, untold),
                ["untold"] = untold,
            },
        };
    }
}
