namespace HSENet.Dicom.Guarding;

/// <summary>
/// How much one peer may have of an SCP. Within these numbers nobody may come to hold more than half of what is left free, so that one who
/// holds nothing finds a place. Where all are taken nevertheless, by very many, it gets that of whoever has waited longest without an
/// association.
/// </summary>
public sealed record ConnectionLimits
{
    /// <summary>Open connections. Default 256.</summary>
    public int Connections { get; init; } = 256;

    /// <summary>Of one address, of IPv6 of one network (<see cref="AddressHolder"/>). Default 64.</summary>
    public int ConnectionsPerAddress { get; init; } = 64;

    /// <summary>TLS handshakes under way. Default 128.</summary>
    public int Handshakes { get; init; } = 128;

    /// <summary>Of one address, as above. Default 32.</summary>
    public int HandshakesPerAddress { get; init; } = 32;

    /// <summary>
    /// Bytes in a second that a peer must reach in what it has begun to send, after <see cref="RateGrace"/>. 0: any. Default 1024.
    /// </summary>
    public long MinimumRate { get; init; } = 1024;

    /// <summary>Time that we wait for the rest of one message before its rate counts. Default 30 s.</summary>
    public TimeSpan RateGrace { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Longest association. Default 12 h.</summary>
    public TimeSpan LongestAssociation { get; init; } = TimeSpan.FromHours(12);

    /// <summary>Largest instance, bytes. Default 4 GiB.</summary>
    public long LargestInstance { get; init; } = 4L << 30;
}
