using System.Security.Cryptography;
using System.Text;

namespace HSENet.Worker.Series;

/// <summary>A series in the state receiving, as the sweep sees it.</summary>
internal sealed record ReceivingSeries
{
    public required Guid SeriesKey { get; init; }

    public required string SeriesUid { get; init; }

    /// <summary>The AE title that sent its first instance; empty when the spool had it.</summary>
    public required string SourceAe { get; init; }

    public required int Revision { get; init; }

    public required int InstanceCount { get; init; }

    public required DateTime OpenedAt { get; init; }

    public required DateTime LastInstanceAt { get; init; }

    /// <summary>The associations that carried it.</summary>
    public IReadOnlyList<Carrier> Carriers { get; init; } = [];

    public required DateTime Now { get; init; }

    /// <summary>W3C traceparent of the first association that carried it; null when that was not traced.</summary>
    public string? TraceContext { get; init; }
}

/// <summary>One instance of a series.</summary>
internal sealed record SeriesInstance
{
    public required Guid InstanceKey { get; init; }

    public required string SopInstanceUid { get; init; }

    public required byte[] Digest { get; init; }

    public required long LengthBytes { get; init; }

    /// <summary>SHA-256 (lower-case hex) over the sorted pairs of SOP Instance UID and data set digest: the identity of a series' content.</summary>
    public static string ContentHash(IEnumerable<SeriesInstance> instances)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var instance in instances.OrderBy(i => i.SopInstanceUid, StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.ASCII.GetBytes($"{instance.SopInstanceUid} {Convert.ToHexStringLower(instance.Digest)}\n"));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
