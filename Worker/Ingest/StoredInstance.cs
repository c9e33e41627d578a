using System.Security.Cryptography;
using System.Text;
using HSENet.Dicom.Files;
using HSENet.Dicom.Identity;

namespace HSENet.Worker.Ingest;

/// <summary>One instance whose bytes are durable, about to be entered in the ledger.</summary>
internal sealed record StoredInstance
{
    public required Guid InstanceKey { get; init; }

    public required Guid SeriesKey { get; init; }

    /// <summary>Null for an instance recovered at start.</summary>
    public required Guid? AssociationId { get; init; }

    public required string SourceAe { get; init; }

    public required InstanceHeader Header { get; init; }

    /// <summary>SHA-256 of the data set's bytes.</summary>
    public required byte[] Digest { get; init; }

    public required long LengthBytes { get; init; }

    /// <summary>SHA-256 of the file before its data set.</summary>
    public required byte[] HeadDigest { get; init; }

    /// <summary>Null when the data set can be read in two ways.</summary>
    public required InstanceMeaning? Meaning { get; init; }

    /// <summary>Our key of a series: derived from its UIDs (a UUID, RFC 9562 version 8), so that every process gets the same.</summary>
    public static Guid KeyOfSeries(string studyUid, string seriesUid)
    {
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(Encoding.UTF8.GetBytes($"series/{studyUid}/{seriesUid}"), hash);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }
}
