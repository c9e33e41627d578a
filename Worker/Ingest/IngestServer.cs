using HSENet.Dicom.Commitment;
using HSENet.Dicom.Receiving;
using HSENet.Worker.Configuration;
using HSENet.Worker.Hosting;
using HSENet.Worker.Observability;
using HSENet.Worker.Series;

namespace HSENet.Worker.Ingest;

/// <summary>Runs the SCP for as long as the host runs. Started last and stopped first.</summary>
internal sealed class IngestServer(
    WorkerSettings settings,
    IInstanceReceiver receiver,
    ICommitmentReceiver commitment,
    DicomTls tls,
    RefusalWatch refusals,
    SeriesWatch watch,
    TimeProvider time,
    WorkObservers observers,
    ILoggerFactory loggers,
    ILogger<IngestServer> log) : IHostedService, IAsyncDisposable
{
    private static readonly TimeSpan Drain = TimeSpan.FromSeconds(10);

    private StoreScp? _scp;

    /// <summary>The port in use; 0 before the start.</summary>
    public int Port { get; private set; }

    /// <summary>Associations are taken.</summary>
    public bool IsListening { get; private set; }

    /// <summary>The port of the TLS listener; null without one.</summary>
    public int? TlsPort { get; private set; }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var options = new StoreScpOptions
        {
            AeTitle = settings.Dicom.AeTitle,
            BindAddress = settings.Dicom.BindAddress,
            Port = settings.Dicom.Port,
            Tls = tls.Listening(refusals.Report),
            Commitment = commitment,
            Limits = settings.Dicom.Limits.ToLimits(),
        };
        if (tls.TimeProblem(time.GetUtcNow()) is { } problem)
        {
            IngestLog.CertificateTime(log, problem);
        }

        try
        {
            _scp = StoreScp.Start(options, receiver, loggers);
        }
        catch (Exception e) when (e is System.Net.Sockets.SocketException or IOException)
        {
            throw new WorkerException("dicom.listen", $"{options.BindAddress}:{options.Port}: {e.Message}", e);
        }

        Port = _scp.Port;
        TlsPort = _scp.TlsPort;
        if (Port != TlsPort)
        {
            IngestLog.Listening(log, options.AeTitle, Port);
        }

        if (TlsPort is { } tlsPort)
        {
            var policy = options.Tls!.ClientAuthorities is null ? "client certificates are not asked for" : "client certificates are demanded";
            IngestLog.ListeningTls(log, options.AeTitle, tlsPort, policy);
        }

        watch.Forget();
        IsListening = true;
        observers.Tell(o => o.Listening(Port));
        return Task.CompletedTask;
    }

    /// <inheritdoc cref="StoreScp.TryReportAsync"/>
    public Task<bool> TryReportAsync(Guid associationId, CommitmentResult result, CancellationToken cancellationToken) =>
        _scp?.TryReportAsync(associationId, result, cancellationToken) ?? Task.FromResult(false);

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        IsListening = false;
        if (_scp is not null)
        {
            await _scp.StopAsync(Drain);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_scp is not null)
        {
            await _scp.DisposeAsync();
            _scp = null;
        }
    }
}
