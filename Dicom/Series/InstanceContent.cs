using System.Buffers;
using System.Security.Cryptography;
using HSENet.Dicom.Files;
using HSENet.Dicom.Identity;

namespace HSENet.Dicom.Series;

/// <summary>
/// One SOP Instance UID, several files. Those that say the same (<see cref="InstanceMeaning"/>), whatever their encoding and the way they came, are one slice; different ones
/// contradict each other and nobody can tell which is right.
/// </summary>
internal static class InstanceContent
{
    /// <returns>One slice for each SOP Instance UID, or why not.</returns>
    public static (IReadOnlyList<CtSlice> Slices, Refusal? Refusal) Unite(IReadOnlyList<CtSlice> slices, CancellationToken cancellationToken)
    {
        var united = new List<CtSlice>(slices.Count);
        foreach (var copies in slices.GroupBy(s => s.SopInstanceUid, StringComparer.Ordinal).Select(g => g.ToArray()))
        {
            united.Add(copies[0]);
            if (copies.Length == 1)
                continue;

            var first = Digest(copies[0], cancellationToken);
            if (copies.Skip(1).Any(c => !IsCopy(c, copies[0], first, cancellationToken)))
                return ([], new(RefusalReason.ConflictingInstances, $"{copies.Length} files claim to be {copies[0].SopInstanceUid} and differ"));
        }

        return (united, null);
    }

    /// <summary>What differs in the digest of the pixels alone may be compressed without loss.</summary>
    private static bool IsCopy(CtSlice slice, CtSlice other, byte[] otherDigest, CancellationToken cancellationToken)
    {
        var digest = Digest(slice, cancellationToken);
        return digest.AsSpan().SequenceEqual(otherDigest)
            || (digest.Length == otherDigest.Length && digest.Length > SHA256.HashSizeInBytes
                && digest.AsSpan(SHA256.HashSizeInBytes).SequenceEqual(otherDigest.AsSpan(SHA256.HashSizeInBytes))
                && DecodedPixels.CanTell(slice.Header.TransferSyntaxUid, other.Header.TransferSyntaxUid) && DecodedPixels.AreSame(slice.Path, other.Path));
    }

    /// <summary>What it says; where that can be read in two ways, SHA-256 over the data set without what surrounds it, prefixed by the transfer syntax.</summary>
    private static byte[] Digest(CtSlice slice, CancellationToken cancellationToken)
    {
        using var file = File.OpenRead(slice.Path);
        if (InstanceMeaning.Of(file, slice.Header) is { } meaning)
            return [.. meaning.Pixels, .. meaning.Header];

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(System.Text.Encoding.ASCII.GetBytes(slice.Header.TransferSyntaxUid));
        file.Position = slice.Header.DataSetOffset;
        var left = (slice.Header.DataSetEnd > 0 ? slice.Header.DataSetEnd : slice.FileLength) - slice.Header.DataSetOffset;
        var buffer = ArrayPool<byte>.Shared.Rent(1 << 16);
        try
        {
            while (left > 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var read = file.Read(buffer, 0, (int)Math.Min(left, buffer.Length));
                if (read == 0)
                    break;

                hash.AppendData(buffer, 0, read);
                left -= read;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return hash.GetHashAndReset();
    }
}
