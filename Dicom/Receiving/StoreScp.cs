using System.Text;
using FellowOakDicom.Network;
using HSENet.Dicom.Commitment;
using HSENet.Dicom.Files;
using HSENet.Dicom.Guarding;
using HSENet.Dicom.Security;
using Microsoft.Extensions.Logging;

namespace HSENet.Dicom.Receiving;

/// <summary>
/// Storage and verification SCP (PS3.4 A, B). Port 0 in the options takes a free port; <see cref="Port"/> tells which. Data sets go to the
/// <see cref="IInstanceReceiver"/> as received, unparsed.
/// </summary>
public sealed class StoreScp : IAsyncDisposable
{
    private static readonly TimeSpan AbortTime = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ReportTime = TimeSpan.FromSeconds(30);

    private readonly IDicomServer? _plain;
    private readonly IDicomServer? _tls;
    private readonly StoreScpState _state;
    private int _stopped;

    private StoreScp(IDicomServer? plain, IDicomServer? tls, StoreScpState state)
    {
        _plain = plain;
        _tls = tls;
        _state = state;
    }

    /// <summary>Of the plain listener; where there is none, of the TLS listener.</summary>
    public int Port => (_plain ?? _tls)!.Port;

    /// <summary>Null without TLS.</summary>
    public int? TlsPort => _tls?.Port;

    /// <exception cref="HSENetDicomException"><c>receive.listen</c>: the address or port cannot be used.</exception>
    public static StoreScp Start(StoreScpOptions options, IInstanceReceiver receiver, ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(receiver);
        ArgumentNullException.ThrowIfNull(loggers);
        ImplementationIdentity.Announce();
        var state = new StoreScpState(options, receiver, loggers.CreateLogger<StoreScp>());
        var gate = new ConnectionGate(options.Limits, receiver.Admits, receiver.OnConnectionRefused);
        var guard = new GuardLimits { MaximumPduLength = options.MaximumPduLength };
        var isTlsOnly = options.Tls is { Port: > 0 } only && only.Port == options.Port;
        if (options.Tls is not null)
            ListeningPort.EnsureFree(options.BindAddress, options.Tls.Port); // before anything listens that would have to be stopped again
        var plain = isTlsOnly ? null : Listen(options, options.Port, new GuardedAcceptor(gate, guard, null), state, loggers);
        try
        {
            var tls = options.Tls is null ? null : Listen(options, options.Tls.Port, new GuardedAcceptor(gate, guard, new(options.Tls)), state, loggers);
            return new StoreScp(plain, tls, state);
        }
        catch
        {
            plain?.Stop();
            plain?.Dispose();
            throw;
        }
    }

    /// <summary>Reports a result of storage commitment on the association where it was asked for, if its peer still waits there.</summary>
    /// <returns>True when the peer has taken it; else it is to be told on an association of our own (<see cref="CommitmentScu"/>).</returns>
    public Task<bool> TryReportAsync(Guid associationId, CommitmentResult result, CancellationToken cancellationToken) =>
        _state.Find(associationId)?.TryReportAsync(result, ReportTime, cancellationToken) ?? Task.FromResult(false);

    /// <summary>
    /// Refuses new associations (rejected as transient, so that senders come back) and waits for the running ones; after at most the given time
    /// they are aborted. Then stops listening.
    /// </summary>
    public async Task StopAsync(TimeSpan drain)
    {
        if (Interlocked.Exchange(ref _stopped, 1) == 1)
            return;
        if (!await _state.DrainAsync(drain).ConfigureAwait(false))
            await _state.AbortAllAsync(AbortTime).ConfigureAwait(false);
        foreach (var server in (IDicomServer?[])[_plain, _tls])
        {
            server?.Stop();
            server?.Dispose();
        }

        foreach (var server in (IDicomServer?[])[_plain, _tls])
        {
            if (server is not null && !await ListeningPort.IsFreeSoonAsync(server.IPAddress, server.Port).ConfigureAwait(false))
                _state.Log.PortStillTaken(server.Port);
        }

        await _state.FinishAsync(AbortTime).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(TimeSpan.Zero).ConfigureAwait(false);
        _state.Dispose();
    }

    private static IDicomServer Listen(StoreScpOptions options, int port, GuardedAcceptor acceptor, StoreScpState state, ILoggerFactory loggers)
    {
        IDicomServer server;
        try
        {
            server = DicomServerFactory.Create<StoreScpService>(
                options.BindAddress,
                port,
                tlsAcceptor: acceptor,
                fallbackEncoding: Encoding.ASCII,
                logger: loggers.CreateLogger<StoreScpService>(),
                userState: state,
                configure: server => server.MaxClientsAllowed = 0); // any: the gate counts them, and toolkits count different things
        }
        catch (DicomNetworkException e)
        {
            throw CannotListen(options.BindAddress, port, e);
        }

        if (server.Exception is { } exception)
        {
            server.Dispose();
            throw CannotListen(options.BindAddress, port, exception);
        }

        return server;
    }

    private static HSENetDicomException CannotListen(string address, int port, Exception inner) =>
        new("receive.listen", $"Cannot listen on {address}:{port}.", inner);
}
