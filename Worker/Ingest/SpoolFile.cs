using System.Security.Cryptography;
using HSENet.Dicom.Files;
using HSENet.Worker.Series;

namespace HSENet.Worker.Ingest;

/// <summary>Whether a file of the spool is what its row says: the bytes that were acknowledged.</summary>
internal enum FileState
{
    Intact,
    Missing,
    Damaged,
}

/// <summary>What a row says of its file.</summary>
/// <param name="LengthBytes">Of the whole file.</param>
/// <param name="Digest">SHA-256 of the data set.</param>
/// <param name="HeadDigest">SHA-256 of what stands before it; null in older rows.</param>
internal readonly record struct FileFacts(long LengthBytes, byte[] Digest, byte[]? HeadDigest);

/// <summary>Compares files of the spool with their rows.</summary>
internal static class SpoolFile
{
    /// <exception cref="IOException">The storage does not answer.</exception>
    public static FileState Check(string path, FileFacts facts)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            return file.Length == facts.LengthBytes
                && Part10Scan.Scan(file) is ScanResult.Sound { Header.DataSetOffset: var offset }
                && (facts.HeadDigest is null || HeadDigest(file, offset).AsSpan().SequenceEqual(facts.HeadDigest))
                && SpoolStore.Digest(file.SafeFileHandle, offset).AsSpan().SequenceEqual(facts.Digest)
                ? FileState.Intact
                : FileState.Damaged;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return FileState.Missing;
        }
    }

    /// <summary>Stable code of what is wrong with the files of a series; null when nothing is.</summary>
    public static (string Code, string Detail)? Fault(IEnumerable<SeriesInstance> instances, Func<SeriesInstance, string> pathOf, CancellationToken cancellationToken)
    {
        var (count, missing, damaged) = (0, 0, 0);
        foreach (var instance in instances)
        {
            cancellationToken.ThrowIfCancellationRequested();
            count++;
            switch (Check(pathOf(instance), instance.Facts))
            {
                case FileState.Missing:
                    missing++;
                    break;
                case FileState.Damaged:
                    damaged++;
                    break;
            }
        }

        return missing > 0 ? (SeriesStore.MissingCode, $"{missing} of {count} files are missing" + (damaged > 0 ? $" and {damaged} damaged" : ""))
            : damaged > 0 ? (SeriesStore.DamagedCode, $"{damaged} of {count} files are not what was received")
            : null;
    }

    /// <summary>SHA-256 of a file's bytes before its data set.</summary>
    public static byte[] HeadDigest(FileStream file, long dataSetOffset)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> piece = stackalloc byte[1024];
        var position = 0L;
        while (position < dataSetOffset
            && RandomAccess.Read(file.SafeFileHandle, piece[..(int)Math.Min(piece.Length, dataSetOffset - position)], position) is > 0 and var read)
        {
            hash.AppendData(piece[..read]);
            position += read;
        }

        return hash.GetHashAndReset();
    }
}
