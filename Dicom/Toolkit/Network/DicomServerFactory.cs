using System.Text;
using FellowOakDicom.Network.Tls;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FellowOakDicom.Network;

/// <summary>Makes servers with the services that <see cref="DicomSetupBuilder"/> set up.</summary>
public static class DicomServerFactory
{
    /// <summary>Listens on all IPv4 addresses. The server listens when this returns, or its <see cref="IDicomServer.Exception"/> says why not.</summary>
    /// <typeparam name="T">Made anew for each connection with (INetworkStream, Encoding, ILogger, DicomServiceDependencies).</typeparam>
    /// <param name="port">0 takes a free one.</param>
    /// <param name="tlsAcceptor">Null: no TLS.</param>
    /// <param name="fallbackEncoding">Character set of data sets that name none. Default ASCII.</param>
    /// <param name="logger">Given to the services. Default: one of the set-up.</param>
    /// <param name="userState">Becomes each service's <see cref="DicomService.UserState"/>.</param>
    /// <param name="configure">Limits.</param>
    public static IDicomServer Create<T>(
        int port,
        ITlsAcceptor? tlsAcceptor = null,
        Encoding? fallbackEncoding = null,
        ILogger? logger = null,
        object? userState = null,
        Action<DicomServerOptions>? configure = null)
        where T : DicomService, IDicomServiceProvider =>
        Factory.Create<T>(port, tlsAcceptor, fallbackEncoding, logger, userState, configure);

    /// <summary>As above, on one address.</summary>
    public static IDicomServer Create<T>(
        string ipAddress,
        int port,
        ITlsAcceptor? tlsAcceptor = null,
        Encoding? fallbackEncoding = null,
        ILogger? logger = null,
        object? userState = null,
        Action<DicomServerOptions>? configure = null)
        where T : DicomService, IDicomServiceProvider =>
        Factory.Create<T>(ipAddress, port, tlsAcceptor, fallbackEncoding, logger, userState, configure);

    private static IDicomServerFactory Factory => Setup.Services.GetRequiredService<IDicomServerFactory>();
}
