using System.Security.Cryptography;

namespace HSENet.Worker.Ingest;

/// <summary>Why a file is kept apart.</summary>
internal sealed record QuarantineEntry
{
    /// <summary>Stable code.</summary>
    public required string Reason { get; init; }

    /// <summary>What tells the content: the same is not kept twice.</summary>
    public required byte[] ContentDigest { get; init; }

    /// <summary>Empty when the spool had it.</summary>
    public string SourceAe { get; init; } = "";

    public Guid? AssociationId { get; init; }

    public Guid? SeriesKey { get; init; }

    public string? SopInstanceUid { get; init; }

    /// <summary>A sound instance that does not fit the one that is here.</summary>
    public static QuarantineEntry Of(StoredInstance instance, string reason) => new()
    {
        Reason = reason,
        ContentDigest = instance.Meaning is { } meaning ? SHA256.HashData([.. meaning.Pixels, .. meaning.Header]) : instance.Digest,
        SourceAe = instance.SourceAe,
        AssociationId = instance.AssociationId,
        SeriesKey = instance.SeriesKey,
        SopInstanceUid = instance.Header.SopInstanceUid,
    };
}
