namespace FellowOakDicom.IO;

/// <summary>Data sets to bytes and back without file meta information: what messages on the network carry.</summary>
internal static class DatasetCodec
{
    /// <exception cref="DicomDataException">The data set cannot be written in this syntax.</exception>
    internal static byte[] Write(DicomDataset dataset, DicomTransferSyntax syntax) => throw new NotImplementedException();

    /// <summary>Writes to a stream, without closing it.</summary>
    internal static void Write(DicomDataset dataset, DicomTransferSyntax syntax, Stream stream) => throw new NotImplementedException();

    /// <exception cref="DicomDataException">Damaged, truncated or too deeply nested bytes.</exception>
    internal static DicomDataset Read(ReadOnlyMemory<byte> bytes, DicomTransferSyntax syntax) => throw new NotImplementedException();

    /// <summary>Reads to the end of the stream, without closing it.</summary>
    /// <exception cref="DicomDataException">Damaged, truncated or too deeply nested bytes.</exception>
    internal static DicomDataset Read(Stream stream, DicomTransferSyntax syntax) => throw new NotImplementedException();
}
