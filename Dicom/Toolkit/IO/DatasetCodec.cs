using System.Text;
using FellowOakDicom.IO.Reader;
using FellowOakDicom.IO.Writer;

namespace FellowOakDicom.IO;

/// <summary>Data sets to bytes and back without file meta information: what messages on the network carry.</summary>
internal static class DatasetCodec
{
    /// <exception cref="DicomDataException">The data set cannot be written in this syntax.</exception>
    internal static byte[] Write(DicomDataset dataset, DicomTransferSyntax syntax)
    {
        using var stream = new MemoryStream();
        Write(dataset, syntax, stream);
        return stream.ToArray();
    }

    /// <summary>Writes to a stream, without closing it. A group length (0000,0000) that is present gets the right value.</summary>
    /// <exception cref="DicomDataException">The data set cannot be written in this syntax.</exception>
    internal static void Write(DicomDataset dataset, DicomTransferSyntax syntax, Stream stream, DicomWriteOptions? options = null)
    {
        Require(syntax);
        new DatasetWriter(stream, syntax, options ?? DicomWriteOptions.Default).Write(dataset);
    }

    /// <exception cref="DicomDataException">Damaged, truncated or too deeply nested bytes.</exception>
    internal static DicomDataset Read(ReadOnlyMemory<byte> bytes, DicomTransferSyntax syntax, Encoding? fallbackEncoding = null)
    {
        if (!System.Runtime.InteropServices.MemoryMarshal.TryGetArray(bytes, out var segment))
        {
            segment = bytes.ToArray();
        }

        using var stream = new MemoryStream(segment.Array!, segment.Offset, segment.Count, writable: false);
        return Read(stream, syntax, fallbackEncoding);
    }

    /// <summary>Reads to the end of the stream, without closing it.</summary>
    /// <exception cref="DicomDataException">Damaged, truncated or too deeply nested bytes.</exception>
    internal static DicomDataset Read(Stream stream, DicomTransferSyntax syntax, Encoding? fallbackEncoding = null)
    {
        Require(syntax);
        var dataset = new DicomDataset(syntax) { AutoValidate = false };
        new DatasetReader(new ByteSource(stream), ReadSettings.From(fallbackEncoding, null, FileReadOption.ReadAll, 0, isFile: false)).Read(dataset, syntax.IsExplicitVR);
        return dataset;
    }

    /// <exception cref="DicomDataException">Deflated or big endian.</exception>
    internal static void Require(DicomTransferSyntax syntax)
    {
        if (syntax.IsDeflate || syntax.Endian == Endian.Big)
        {
            throw new DicomDataException($"The transfer syntax {syntax} is not supported");
        }
    }
}
