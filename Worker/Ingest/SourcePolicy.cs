using System.Net;
using HSENet.Worker.Configuration;

namespace HSENet.Worker.Ingest;

/// <summary>Who may open an association: the allow-list, or with an empty list any caller on loopback.</summary>
internal sealed class SourcePolicy
{
    private readonly List<(string AeTitle, IPNetwork Network)> _sources = [];

    public SourcePolicy(WorkerSettings settings)
    {
        foreach (var source in settings.Dicom.Sources)
        {
            if (source.TryGetNetwork(out var network))
            {
                _sources.Add((source.AeTitle, network));
            }
        }
    }

    public bool Allows(string callingAe, string remoteHost) =>
        Covers(remoteHost, source => string.Equals(source, callingAe.Trim(' '), StringComparison.Ordinal));

    /// <summary>Whether anybody at the address may: else nothing that it says is of interest.</summary>
    public bool Covers(string remoteHost) => Covers(remoteHost, _ => true);

    private bool Covers(string remoteHost, Predicate<string> isCaller)
    {
        if (!IPAddress.TryParse(remoteHost, out var address))
        {
            return false;
        }

        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }

        return _sources.Count == 0 ? IPAddress.IsLoopback(address) : _sources.Exists(s => isCaller(s.AeTitle) && s.Network.Contains(address));
    }
}
