using System.Threading.Channels;
using HSENet.Dicom.Security;
using HSENet.Worker.Audit;
using HSENet.Worker.Observability;
using HSENet.Worker.Persistence;

namespace HSENet.Worker.Ingest;

/// <summary>Tells of peers that fail the TLS handshake: log and audit (security alert), repeated ones summed up.</summary>
internal sealed class HandshakeWatch(Database database, TimeProvider time, ILogger<HandshakeWatch> log) : BackgroundService
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(5);

    private readonly Channel<HandshakeFailure> _failures = Channel.CreateBounded<HandshakeFailure>(
        new BoundedChannelOptions(1000) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

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
            _failures.Writer.TryWrite(failure);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            Task? arriving = null;
            while (!stoppingToken.IsCancellationRequested)
            {
                arriving = arriving is { IsCompleted: false } ? arriving : _failures.Reader.WaitToReadAsync(stoppingToken).AsTask();
                await Task.WhenAny(arriving, Task.Delay(Tick, time, stoppingToken));
                while (_failures.Reader.TryRead(out var failure))
                {
                    await TellAsync(_repeated.Note(failure, time.GetUtcNow()));
                }

                foreach (var told in _repeated.Due(time.GetUtcNow()))
                {
                    await TellAsync(told);
                }
            }
        }
        finally
        {
            // what is only counted so far is not lost with the process
            foreach (var told in _repeated.Due(DateTimeOffset.MaxValue))
            {
                await TellAsync(told);
            }
        }
    }

    private async Task TellAsync(ToldFailure? told)
    {
        if (told is null)
        {
            return;
        }

        var (host, code, detail) = (told.Failure.RemoteHost, told.Failure.Code, OperatorText.Clean(told.Failure.Detail));
        IngestLog.HandshakeFailed(log, host, code, detail, told.Untold);
        try
        {
            await using var connection = await database.OpenAsync(CancellationToken.None);
            await connection.WriteAsync(
                new AuditEvent(AuditKind.HandshakeFailed, AuditOutcome.SeriousFailure, AuditEvent.Service)
                {
                    Reason = code,
                    Details = new Dictionary<string, object?> { ["host"] = host, ["detail"] = detail, ["untold"] = told.Untold },
                },
                CancellationToken.None);
        }
#pragma warning disable CA1031 // the log has it
        catch (Exception e)
#pragma warning restore CA1031
        {
            IngestLog.AuditWriteFailed(log, e);
        }
    }
}
