using HSENet.Dicom.Files;
using HSENet.Dicom.Identity;
using HSENet.Dicom.Series;

namespace HSENet.Worker.Ingest;

/// <summary>What a part, or a file in place, holds.</summary>
/// <param name="Scan">Whether it is sound, and its header.</param>
/// <param name="Digest">SHA-256 of its data set; empty when it is not sound.</param>
/// <param name="HeadDigest">SHA-256 of what stands before it; empty when it is not sound.</param>
/// <param name="Meaning">What it says; null when it is not sound, or can be read in two ways.</param>
internal sealed record PartLook(ScanResult Scan, byte[] Digest, byte[] HeadDigest, InstanceMeaning? Meaning)
{
    /// <param name="path">The file.</param>
    /// <param name="stream">What wrote it and may have hashed it on the way; null: nothing did.</param>
    /// <exception cref="IOException">The storage failed.</exception>
    public static PartLook At(string path, PartStream? stream = null)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        var scan = InstanceScan.Scan(file, path);
        return scan is ScanResult.Sound { Header: var header }
            ? new PartLook(
                scan,
                stream?.Digest(header.DataSetOffset) ?? SpoolStore.Digest(file.SafeFileHandle, header.DataSetOffset),
                SpoolFile.HeadDigest(file, header.DataSetOffset),
                InstanceMeaning.Of(file, header))
            : new PartLook(scan, [], [], null);
    }
}
