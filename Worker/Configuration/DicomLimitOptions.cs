using HSENet.Dicom.Guarding;

namespace HSENet.Worker.Configuration;

/// <summary>
/// What one peer may have of the SCP. Within these numbers nobody may come to hold more than half of what is left free, so that a peer which holds nothing finds a
/// place; one alone gets a third. Where all connections or handshakes are taken by very many, it gets that of whoever has waited longest without an association. Bound from <c>HSENet:Dicom:Limits</c>.
/// </summary>
internal sealed class DicomLimitOptions
{
    private const string Section = "HSENet:Dicom:Limits";

    /// <summary>Open connections. Default 256.</summary>
    public int Connections { get; set; } = 256;

    /// <summary>Open connections of one address, of IPv6 of one network of 64 bits. Default 64.</summary>
    public int ConnectionsPerAddress { get; set; } = 64;

    /// <summary>TLS handshakes under way. Default 128.</summary>
    public int Handshakes { get; set; } = 128;

    /// <summary>TLS handshakes under way of one address, of IPv6 of one network of 64 bits. Default 32.</summary>
    public int HandshakesPerAddress { get; set; } = 32;

    /// <summary>Associations. Default 128.</summary>
    public int Associations { get; set; } = 128;

    /// <summary>Associations of one address, of IPv6 of one network of 64 bits. Default 48.</summary>
    public int AssociationsPerAddress { get; set; } = 48;

    /// <summary>Associations of one calling AE title. Default 48.</summary>
    public int AssociationsPerAe { get; set; } = 48;

    /// <summary>Bytes in a second that a peer must reach in a message that it has begun, once we have waited 30 s for its rest; 0: any rate. Default 1024.</summary>
    public ByteSize MinimumRate { get; set; } = new(1024);

    /// <summary>Longest association; then it is aborted, and what was not answered comes again. Default 12:00:00.</summary>
    public TimeSpan LongestAssociation { get; set; } = TimeSpan.FromHours(12);

    /// <summary>Largest instance; a larger one is answered with A700. Default 4GiB.</summary>
    public ByteSize LargestInstance { get; set; } = new(4L << 30);

    public ConnectionLimits ToLimits() => new()
    {
        Connections = Connections,
        ConnectionsPerAddress = ConnectionsPerAddress,
        Handshakes = Handshakes,
        HandshakesPerAddress = HandshakesPerAddress,
        MinimumRate = MinimumRate.Bytes,
        LongestAssociation = LongestAssociation,
        LargestInstance = LargestInstance.Bytes,
    };

    public IEnumerable<string> Validate()
    {
        foreach (var (name, value) in ((string, int)[])
            [
                (nameof(Connections), Connections), (nameof(ConnectionsPerAddress), ConnectionsPerAddress), (nameof(Handshakes), Handshakes),
                (nameof(HandshakesPerAddress), HandshakesPerAddress), (nameof(Associations), Associations),
                (nameof(AssociationsPerAddress), AssociationsPerAddress), (nameof(AssociationsPerAe), AssociationsPerAe),
            ])
        {
            if (value is < 2 or > 10_000)
            {
                yield return $"{Section}:{name} must be 2 to 10000";
            }
        }

        if (MinimumRate.Bytes is < 0 or > 1 << 20)
        {
            yield return $"{Section}:MinimumRate must be 0 to 1MiB";
        }

        if (LongestAssociation < TimeSpan.FromMinutes(1) || LongestAssociation > TimeSpan.FromDays(7))
        {
            yield return $"{Section}:LongestAssociation must be one minute to seven days";
        }

        if (LargestInstance.Bytes < 1 << 20)
        {
            yield return $"{Section}:LargestInstance must be at least 1MiB";
        }
    }
}
