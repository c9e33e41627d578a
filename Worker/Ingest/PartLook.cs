using HSENet.Dicom.Files;
using HSENet.Dicom.Series;

namespace HSENet.Worker.Ingest;

/// <summary>What a part holds.</summary>
/// <param name="Scan">Whether it is sound, and its header.</param>
/// <param name="Digest">SHA-256 of its data set; empty when it is not sound.</param>
internal sealed record PartLook(ScanResult Scan, byte[] Digest)
{
    /// <exception cref="IOException">The storage failed.</exception>
    public static PartLook At(string path, PartStream stream)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        var scan = InstanceScan.Scan(file, path);
        return new PartLook(
            scan,
            scan is ScanResult.Sound { Header.DataSetOffset: var offset } ? stream.Digest(offset) ?? SpoolStore.Digest(file.SafeFileHandle, offset) : []);
    }
}
