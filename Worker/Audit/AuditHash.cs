using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace HSENet.Worker.Audit;

/// <summary>
/// The hashes of the chain, computed apart from the database, which makes them (Migrations/0006_audit_seal.sql): whoever changes a function there
/// does not change what is found here. A row's canonical bytes are its fields, each as LENGTH:VALUE in UTF-8 or as - for null.
/// </summary>
internal static class AuditHash
{
    private const string Format = "1";

    /// <summary>SHA-256 of the canonical bytes. 32 bytes.</summary>
    public static byte[] OfRow(AuditRow row)
    {
        var bytes = new ArrayBufferWriter<byte>(512);
        string?[] fields =
        [
            Format,
            row.AtMicroseconds.ToString(CultureInfo.InvariantCulture),
            row.Event,
            row.DcmCode,
            row.DcmType,
            row.Action,
            row.Outcome.ToString(CultureInfo.InvariantCulture),
            row.Actor,
            row.AssociationId?.ToString("D"),
            row.SeriesKey?.ToString("D"),
            row.JobId?.ToString("D"),
            row.Destination,
            row.StudyUid,
            row.SeriesUid,
            row.SopInstanceUid,
            row.Reason,
            row.Details,
        ];
        foreach (var field in fields)
        {
            Append(bytes, field);
        }

        return SHA256.HashData(bytes.WrittenSpan);
    }

    /// <summary>The link after <paramref name="before"/> (32 bytes; zeros before the first). 32 bytes.</summary>
    public static byte[] Link(ReadOnlySpan<byte> before, long seq, long eventId, ReadOnlySpan<byte> rowHash)
    {
        Span<byte> bytes = stackalloc byte[80];
        before.CopyTo(bytes);
        BinaryPrimitives.WriteInt64BigEndian(bytes[32..], seq);
        BinaryPrimitives.WriteInt64BigEndian(bytes[40..], eventId);
        rowHash.CopyTo(bytes[48..]);
        return SHA256.HashData(bytes);
    }

    private static void Append(ArrayBufferWriter<byte> bytes, string? field)
    {
        if (field is null)
        {
            bytes.Write("-"u8);
            return;
        }

        var length = Encoding.UTF8.GetByteCount(field);
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{length}:"), bytes);
        Encoding.UTF8.GetBytes(field, bytes);
    }
}
