using System.Text;
using FellowOakDicom.Network.Tls;

namespace FellowOakDicom.Network;

/// <summary>What a server was created with.</summary>
internal sealed record ServerSettings(
    string IpAddress, int Port, ITlsAcceptor? TlsAcceptor, Encoding FallbackEncoding, object? UserState, DicomServerOptions Limits);
