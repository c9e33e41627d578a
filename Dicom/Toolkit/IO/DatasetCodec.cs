using System.IO.Compression;
using System.Text;
using FellowOakDicom.IO.Reader;
using FellowOakDicom.IO.Writer;

namespace FellowOakDicom.IO;

/// <summary>Data sets to bytes and back without file meta information: what messages on the network carry, and what follows it in files.</summary>
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
        options ??= DicomWriteOptions.Default;
        if (!syntax.IsDeflate)
        {
            new DatasetWriter(stream, syntax, options).Write(dataset);
            return;
        }

        var output = new CountingStream(stream);
        using (var deflate = new DeflateStream(output, CompressionLevel.Optimal, leaveOpen: true))
        using (var buffered = new BufferedStream(deflate, 1 << 16))
        {
            new DatasetWriter(buffered, syntax, options).Write(dataset);
        }

        // PS3.5 A.5: a deflated data set of odd length is followed by one zero byte
        if ((output.Count & 1) != 0)
        {
            stream.WriteByte(0);
        }
    }

    /// <param name="bytes">As they travelled, deflated or not.</param>
    /// <param name="syntax">Of the bytes.</param>
    /// <param name="fallbackEncoding">Character set of a data set that names none. Null: ASCII.</param>
    /// <param name="inflatedLimit">Bytes that a deflated data set may become; null: see <see cref="InflatingStream"/>.</param>
    /// <param name="maximumItems">Elements and items that it may have.</param>
    /// <exception cref="DatasetTooLongException">More than <paramref name="inflatedLimit"/>.</exception>
    /// <exception cref="DicomDataException">Damaged, truncated or too deeply nested bytes.</exception>
    internal static DicomDataset Read(
        ReadOnlyMemory<byte> bytes, DicomTransferSyntax syntax, Encoding? fallbackEncoding = null, long? inflatedLimit = null,
        int maximumItems = DatasetReader.MaximumItems)
    {
        if (!System.Runtime.InteropServices.MemoryMarshal.TryGetArray(bytes, out var segment))
        {
            segment = bytes.ToArray();
        }

        using var stream = new MemoryStream(segment.Array!, segment.Offset, segment.Count, writable: false);
        return Read(stream, syntax, fallbackEncoding, inflatedLimit, maximumItems);
    }

    /// <summary>Reads to the end of the stream, without closing it.</summary>
    /// <exception cref="DicomDataException">Damaged, truncated or too deeply nested bytes.</exception>
    internal static DicomDataset Read(
        Stream stream, DicomTransferSyntax syntax, Encoding? fallbackEncoding = null, long? inflatedLimit = null,
        int maximumItems = DatasetReader.MaximumItems)
    {
        var dataset = new DicomDataset(syntax) { IsValidated = false };
        var settings = ReadSettings.From(fallbackEncoding, null, FileReadOption.ReadAll, 0, isFile: false) with { MaximumItems = maximumItems };
        Read(new ByteSource(stream), settings, syntax, dataset, inflatedLimit);
        return dataset;
    }

    /// <summary>Reads to the end of the source. False when the stop predicate ended it before.</summary>
    /// <exception cref="DicomDataException">Damaged, truncated or too deeply nested bytes.</exception>
    internal static bool Read(
        ByteSource source, ReadSettings settings, DicomTransferSyntax syntax, DicomDataset dataset, long? inflatedLimit = null)
    {
        if (!syntax.IsDeflate)
        {
            return new DatasetReader(source, settings).Read(dataset, syntax.IsExplicitVR, syntax.Endian);
        }

        using var inflated = new InflatingStream(source, inflatedLimit);
        return new DatasetReader(new ByteSource(inflated), settings).Read(dataset, syntax.IsExplicitVR, syntax.Endian);
    }

    private sealed class CountingStream(Stream inner) : MemoryStream
    {
        internal long Count { get; private set; }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            inner.Write(buffer);
            Count += buffer.Length;
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));
    }
}
