using FellowOakDicom;
using FellowOakDicom.IO.Writer;

namespace HSENet.Toolkit.Contract.Tests.Data;

/// <summary>Files on their way through bytes.</summary>
internal static class Written
{
    internal static DicomDataset Report(params DicomItem[] items) => new DicomDataset(
        new DicomUniqueIdentifier(DicomTag.SOPClassUID, DicomUID.ComprehensiveSRStorage),
        new DicomUniqueIdentifier(DicomTag.SOPInstanceUID, "2.25.1")).AddOrUpdate(items);

    internal static byte[] Bytes(DicomDataset dataset, DicomTransferSyntax? syntax = null, DicomWriteOptions? options = null)
    {
        var file = new DicomFile(dataset);
        file.FileMetaInfo.TransferSyntax = syntax ?? dataset.InternalTransferSyntax;
        using var stream = new MemoryStream();
        file.Save(stream, options);
        return stream.ToArray();
    }

    internal static DicomFile Open(byte[] bytes) => DicomFile.Open(new MemoryStream(bytes));

    internal static DicomDataset Again(DicomDataset dataset, DicomTransferSyntax? syntax = null, DicomWriteOptions? options = null) =>
        Open(Bytes(dataset, syntax, options)).Dataset;

    /// <summary>Where a text of bytes first occurs, or -1.</summary>
    internal static int Find(byte[] bytes, params byte[] part) => bytes.AsSpan().IndexOf(part);
}
