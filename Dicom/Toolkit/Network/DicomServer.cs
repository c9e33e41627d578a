using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using FellowOakDicom.Network.Tls;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FellowOakDicom.Network;

/// <summary>Accepts connections and runs a service for each.</summary>
internal sealed class DicomServer<T>(IServiceProvider services, ServerSettings settings, DicomServiceOptions options, ILogger logger) : IDicomServer
    where T : DicomService, IDicomServiceProvider
{
    private static readonly TimeSpan _retryAccept = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<long, Task> _connections = new();
    private readonly TimeProvider _time = services.GetRequiredService<DicomServiceDependencies>().Time;
    private readonly NewcomerLimit _newcomers = new(total: 512, perAddress: 128);
    private Socket? _listener;
    private DicomServerRegistration? _registration;
    private int _inside;
    private int _isStopped;

    public string IPAddress => settings.IpAddress;

    public int Port { get; private set; } = settings.Port;

    public bool IsListening { get; private set; }

    public Exception? Exception { get; private set; }

    public DicomServiceOptions Options { get; } = options;

    public ILogger Logger { get; set; } = logger;

    public DicomServerRegistration Registration
    {
        get => _registration ??= new DicomServerRegistration(this, Task.CompletedTask);
        set => _registration = value;
    }

    /// <summary>Binds and begins to accept. A failure to bind ends up in <see cref="Exception"/>.</summary>
    public void Start()
    {
        try
        {
            var endPoint = new IPEndPoint(System.Net.IPAddress.Parse(settings.IpAddress), settings.Port);
            _listener = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            _listener.Bind(endPoint);
            _listener.Listen();
            Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
            IsListening = true;
            Registration = new DicomServerRegistration(this, RunAsync(_listener));
        }
        catch (Exception exception) when (exception is SocketException or FormatException or ArgumentException)
        {
            _listener?.Dispose();
            Exception = exception;
            Logger.ListenerFailed(exception.GetType().Name);
        }
    }

    public void Stop()
    {
        if (Interlocked.Exchange(ref _isStopped, 1) == 0)
        {
            IsListening = false;
            _stopping.Cancel();
            if (Weakness.PortIsKept > TimeSpan.Zero)
            {
                _ = Task.Delay(Weakness.PortIsKept).ContinueWith(_ => _listener?.Dispose(), TaskScheduler.Default);
            }
            else
            {
                _listener?.Dispose();
            }
        }
    }

    public void Dispose() => Stop();

    private async Task RunAsync(Socket listener)
    {
        try
        {
            // a thread of its own: however busy the others are, the system's queue of connections never fills, which would drop those of everybody
            await Task.Factory.StartNew(() => AcceptAll(listener), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
        catch (Exception exception)
        {
            Exception = exception;
            Logger.ListenerFailed(exception.GetType().Name);
        }

        IsListening = false;
        await Task.WhenAll(_connections.Values);
    }

    private void AcceptAll(Socket listener)
    {
        for (long number = 0; !_stopping.IsCancellationRequested; number++)
        {
            try
            {
                Track(number, listener.Accept());
            }
            catch (Exception) when (_stopping.IsCancellationRequested)
            {
                return;
            }
            catch (SocketException exception)
            {
                // Out of file handles, or a connection that was gone before we took it: others may still come.
                Logger.ConnectionFailed(exception.SocketErrorCode.ToString());
                _stopping.Token.WaitHandle.WaitOne(_retryAccept);
            }
        }
    }

    private void Track(long number, Socket socket)
    {
        var address = (socket.RemoteEndPoint as IPEndPoint)?.Address ?? System.Net.IPAddress.None;
        if (_stopping.IsCancellationRequested || !_newcomers.TryEnter(address))
        {
            socket.Dispose(); // before it costs anything
            return;
        }

        var connection = Task.Run(() => ServeAsync(socket, address));
        _connections[number] = connection;
        _ = connection.ContinueWith(
            _ => _connections.TryRemove(number, out var _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private async Task ServeAsync(Socket socket, IPAddress address)
    {
        var (isInside, isNewcomer) = (false, true);
        try
        {
            socket.NoDelay = Options.TcpNoDelay;
            var plain = new NetworkStream(socket, ownsSocket: false);
            var stream = settings.TlsAcceptor is { } acceptor ? await HandshakeAsync(acceptor, socket, plain, address.ToString()) : plain;
            using var service = ActivatorUtilities.CreateInstance<T>(
                services, new TcpNetworkStream(socket, stream), settings.FallbackEncoding, Logger);
            service.Options = Options;
            service.UserState = settings.UserState;
            service.TryEnter = () => isInside = TryEnter();
            service.Entered = isAccepted =>
            {
                if (isAccepted)
                {
                    isNewcomer = false;
                    _newcomers.Leave(address);
                }
                else
                {
                    isInside = false;
                    Interlocked.Decrement(ref _inside);
                }
            };
            await service.RunAsync(_stopping.Token);
        }
        catch (Exception exception)
        {
            Logger.ConnectionFailed(exception.GetType().Name);
        }
        finally
        {
            if (isNewcomer)
            {
                _newcomers.Leave(address);
            }

            if (isInside)
            {
                Interlocked.Decrement(ref _inside);
            }

            socket.Dispose();
        }
    }

    /// <summary>
    /// Counts associations, not connections: one that was rejected, or never asked, takes no one's place. It stays a newcomer until it is closed.
    /// </summary>
    private bool TryEnter()
    {
        var limit = settings.Limits.MaxClientsAllowed;
        if (Interlocked.Increment(ref _inside) <= limit || limit <= 0)
        {
            return true;
        }

        Interlocked.Decrement(ref _inside);
        return false;
    }

    /// <summary>The handshake is the acceptor's, and synchronous: it gets a thread of its own, and at most fifteen seconds.</summary>
    private async Task<Stream> HandshakeAsync(ITlsAcceptor acceptor, Socket socket, NetworkStream plain, string remote)
    {
        using var timer = new Watchdog(_time);
        timer.Start(ServiceTimers.Handshake);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, _stopping.Token);
        await using var closing = ending.Token.Register(socket.Dispose);
        return await Task.Factory.StartNew(
            () => acceptor.AcceptTls(plain, remote, Port), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }
}
