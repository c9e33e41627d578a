using System.Net;
using HSENet.Worker.Configuration;

namespace HSENet.Worker.Ingest;

/// <summary>Who may open an association: the allow-list, or with an empty list any caller on loopback.</summary>
internal sealed class SourcePolicy
{
    private readonly List<(string AeTitle, string? CertificateName, IPNetwork Network)> _sources = [];

    public SourcePolicy(WorkerSettings settings)
    {
        foreach (var source in settings.Dicom.Sources)
        {
            if (source.TryGetNetwork(out var network))
            {
                _sources.Add((source.AeTitle, string.IsNullOrWhiteSpace(source.CertificateName) ? null : source.CertificateName, network));
            }
        }
    }

    /// <param name="callingAe">Title that the caller gives itself.</param>
    /// <param name="remoteHost">Its address.</param>
    /// <param name="certificateNames">Names of its certificate; none without mutual TLS.</param>
    public bool Allows(string callingAe, string remoteHost, IReadOnlyList<string> certificateNames) => Covers(
        remoteHost,
        (title, certificateName) => string.Equals(title, callingAe.Trim(' '), StringComparison.Ordinal)
            && (certificateName is null || certificateNames.Contains(certificateName, StringComparer.OrdinalIgnoreCase)));

    /// <summary>Whether anybody at the address may: else nothing that it says is of interest.</summary>
    public bool Covers(string remoteHost) => Covers(remoteHost, (_, _) => true);

    private bool Covers(string remoteHost, Func<string, string?, bool> isCaller)
    {
        if (!IPAddress.TryParse(remoteHost, out var address))
        {
            return false;
        }

        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }

        return _sources.Count == 0 ? IPAddress.IsLoopback(address) : _sources.Exists(s => isCaller(s.AeTitle, s.CertificateName) && s.Network.Contains(address));
    }
}
