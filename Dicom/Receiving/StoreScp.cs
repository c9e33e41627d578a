using System.Text;
using FellowOakDicom.Network;
using HSENet.Dicom.Files;
using Microsoft.Extensions.Logging;

namespace HSENet.Dicom.Receiving;

/// <summary>
/// Storage and verification SCP (PS3.4 A, B). Port 0 in the options takes a free port; <see cref="Port"/> tells which. Data sets go to the
/// <see cref="IInstanceReceiver"/> as received, unparsed.
/// </summary>
public sealed class StoreScp : IAsyncDisposable
{
    private static readonly TimeSpan AbortTime = TimeSpan.FromSeconds(5);

    private readonly IDicomServer _server;
    private readonly StoreScpState _state;
    private int _stopped;

    private StoreScp(IDicomServer server, StoreScpState state)
    {
        _server = server;
        _state = state;
    }

    public int Port => _server.Port;

    /// <exception cref="HSENetDicomException"><c>receive.listen</c>: the address or port cannot be used.</exception>
    public static StoreScp Start(StoreScpOptions options, IInstanceReceiver receiver, ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(receiver);
        ArgumentNullException.ThrowIfNull(loggers);
        ImplementationIdentity.Announce();
        var state = new StoreScpState(options, receiver, loggers.CreateLogger<StoreScp>());
        IDicomServer server;
        try
        {
            server = DicomServerFactory.Create<StoreScpService>(
                options.BindAddress,
                options.Port,
                tlsAcceptor: null,
                fallbackEncoding: Encoding.ASCII,
                logger: loggers.CreateLogger<StoreScpService>(),
                userState: state,
                configure: server => server.MaxClientsAllowed = options.MaximumConnections);
        }
        catch (DicomNetworkException e)
        {
            throw CannotListen(options, e);
        }

        if (server.Exception is { } exception)
        {
            server.Dispose();
            throw CannotListen(options, exception);
        }

        return new StoreScp(server, state);
    }

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
        _server.Stop();
        _server.Dispose();
        await _state.FinishAsync(AbortTime).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(TimeSpan.Zero).ConfigureAwait(false);
        _state.Dispose();
    }

    private static HSENetDicomException CannotListen(StoreScpOptions options, Exception inner) =>
        new("receive.listen", $"Cannot listen on {options.BindAddress}:{options.Port}.", inner);
}
