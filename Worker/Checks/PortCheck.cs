using System.Net;
using System.Net.Sockets;
using HSENet.Worker.Configuration;

namespace HSENet.Worker.Checks;

/// <summary>
/// Whether <c>serve</c> can listen where it should. A port that a running service of these settings holds is well. Bound and not listened
/// at: a service that starts at the same moment is not in its way.
/// </summary>
internal sealed class PortCheck(WorkerSettings settings, DataFolderCheck folder)
{
    /// <summary>A loaded machine may take its time to say that it lives.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <param name="port">0 is any port that is free.</param>
    /// <param name="key">The setting it comes from.</param>
    /// <returns>Null when all is well.</returns>
    public string? Dicom(int port, string key) =>
        Bind(IPAddress.Parse(settings.Dicom.BindAddress), port) switch
        {
            null => null,
            SocketError.AddressAlreadyInUse when folder.IsHeld() => null,
            var error => Told(settings.Dicom.BindAddress, port, error.Value, $"{key} or HSENet:Dicom:BindAddress"),
        };

    /// <returns>Null when all is well, or there is no web.</returns>
    public async Task<string?> WebAsync(CancellationToken cancellationToken)
    {
        if (!settings.Web.IsEnabled)
        {
            return null;
        }

        var url = new Uri(settings.Web.Url);
        var address = IPAddress.TryParse(url.Host.Trim('[', ']'), out var known) ? known : IPAddress.Loopback;
        return Bind(address, url.Port) switch
        {
            null => null,
            SocketError.AddressAlreadyInUse when await IsOursAsync(url, cancellationToken) => null,
            var error => Told(url.Host, url.Port, error.Value, "HSENet:Web:Url"),
        };
    }

    private static string Told(string address, int port, SocketError error, string keys) => error switch
    {
        SocketError.AddressAlreadyInUse => $"{address}:{port} is in use by another program ({keys})",
        SocketError.AddressNotAvailable => $"{address} is no address of this machine ({keys})",
        SocketError.AccessDenied => $"this user may not listen at port {port} ({keys})",
        _ => $"{address}:{port}: {error} ({keys})",
    };

    /// <returns>Null when it is free.</returns>
    private static SocketError? Bind(IPAddress address, int port)
    {
        if (port == 0)
        {
            return null;
        }

        try
        {
            using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(address, port));
            return null;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode;
        }
    }

    /// <summary>Whether a service of this program answers there.</summary>
    private static async Task<bool> IsOursAsync(Uri url, CancellationToken cancellationToken)
    {
        using var client = new HttpClient { Timeout = Patience };
        try
        {
            return (await client.GetStringAsync(new Uri(url, "/health/live"), cancellationToken)).Contains("\"live\"", StringComparison.Ordinal);
        }
        catch (Exception e) when (e is HttpRequestException || (e is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return false;
        }
    }
}
