using System.Security.Cryptography;
using System.Text;
using HSENet.Dicom.Identity;
using HSENet.Worker.Ingest;

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
    public IReadOnlyList<SeriesAssociation> Associations { get; init; } = [];

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

    public byte[]? HeadDigest { get; init; }

    /// <summary><see cref="InstanceMeaning"/>; null in older rows, and where a data set can be read in two ways.</summary>
    public byte[]? Meaning { get; init; }

    public FileFacts Facts => new(LengthBytes, Digest, HeadDigest);

    /// <summary>
    /// SHA-256 (lower-case hex) over the sorted pairs of SOP Instance UID and what the instance says to a report: the identity of a series' content, whatever its encoding
    /// and whatever an archive added. Where that is not known it is the data set's digest.
    /// </summary>
    public static string ContentHash(IEnumerable<SeriesInstance> instances)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var instance in instances.OrderBy(i => i.SopInstanceUid, StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.ASCII.GetBytes($"{instance.SopInstanceUid} {Convert.ToHexStringLower(instance.Content)}\n"));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>
    /// SHA-256 (lower-case hex) over the sorted pairs of SOP Instance UID and what the header says to a report, without the pixels: with
    /// the digest of the volume in HU it tells a content in every compression.
    /// </summary>
    /// <returns>Null when a data set can be read in two ways.</returns>
    public static string? HeaderHash(IEnumerable<SeriesInstance> instances)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var instance in instances.OrderBy(i => i.SopInstanceUid, StringComparer.Ordinal))
        {
            if (InstanceMeaning.FromBytes(instance.Meaning) is not { } meaning)
            {
                return null;
            }

            hash.AppendData(Encoding.ASCII.GetBytes($"{instance.SopInstanceUid} {Convert.ToHexStringLower(meaning.Report)}\n"));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private byte[] Content => InstanceMeaning.FromBytes(Meaning) is { } meaning ? SHA256.HashData([.. meaning.Pixels, .. meaning.Report]) : Digest;
}
