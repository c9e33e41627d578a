using System.Text;
using FellowOakDicom.Network.Tls;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FellowOakDicom.Network;

/// <summary>Makes servers with the services of one container.</summary>
internal sealed class DefaultDicomServerFactory(
    IServiceProvider services, ILoggerFactory loggers, IOptions<DicomServiceOptions> serviceOptions, IOptions<DicomServerOptions> serverOptions)
    : IDicomServerFactory
{
    public IDicomServer Create<T>(
        int port,
        ITlsAcceptor? tlsAcceptor,
        Encoding? fallbackEncoding,
        ILogger? logger,
        object? userState,
        Action<DicomServerOptions>? configure)
        where T : DicomService, IDicomServiceProvider =>
        Create<T>("0.0.0.0", port, tlsAcceptor, fallbackEncoding, logger, userState, configure);

    public IDicomServer Create<T>(
        string ipAddress,
        int port,
        ITlsAcceptor? tlsAcceptor,
        Encoding? fallbackEncoding,
        ILogger? logger,
        object? userState,
        Action<DicomServerOptions>? configure)
        where T : DicomService, IDicomServiceProvider
    {
        var limits = serverOptions.Value.Clone();
        configure?.Invoke(limits);
        var settings = new ServerSettings(
            string.IsNullOrEmpty(ipAddress) ? "0.0.0.0" : ipAddress, port, tlsAcceptor, fallbackEncoding ?? DicomEncoding.Default, userState, limits);
        var server = new DicomServer<T>(services, settings, serviceOptions.Value.Clone(), logger ?? loggers.CreateLogger("FellowOakDicom.Network"));
        server.Start();
        return server;
    }
}
