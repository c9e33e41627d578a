using System.Buffers.Binary;
using System.Text;
using FellowOakDicom.IO.Buffer;
using FellowOakDicom.IO.Reader;

namespace FellowOakDicom.IO.Writer;

/// <summary>
/// Writes data sets (PS3.5 7): values padded to an even length, retired group lengths left out, those of groups 0000 and
/// 0002 computed.
/// </summary>
internal sealed class DatasetWriter(Stream stream, DicomTransferSyntax syntax, DicomWriteOptions options)
{
    private const uint Undefined = 0xFFFFFFFF;
    private const int ShortHeader = 8;
    private const int LongHeader = 12;
    private const int LongestShortValue = 0xFFFE;

    private readonly bool _isBigEndian = syntax.Endian == Endian.Big;

    /// <exception cref="DicomDataException">The data set cannot be written in this syntax.</exception>
    internal void Write(DicomDataset dataset) => Write(dataset, DicomEncoding.DefaultArray, depth: 0);

    private void Write(DicomDataset dataset, Encoding[] inherited, int depth)
    {
        var encodings = EncodingsOf(dataset, inherited);
        foreach (var item in Written(dataset))
        {
            switch (item)
            {
                case DicomSequence sequence:
                    Write(sequence, encodings, depth + 1);
                    break;
                case DicomFragmentSequence fragments:
                    Write(fragments);
                    break;
                case DicomElement { Tag.Element: 0 } groupLength:
                    Write(new DicomUnsignedLong(groupLength.Tag, GroupLength(dataset, groupLength.Tag.Group, encodings)), encodings);
                    break;
                case DicomElement element:
                    Write(element, encodings);
                    break;
            }
        }
    }

    private void Write(DicomElement element, Encoding[] encodings)
    {
        var value = ValueOf(element, encodings);
        var isOdd = (value.Size & 1) != 0 && !Weakness.WritesOddLengths;
        var written = WriteHeader(element.Tag, element.ValueRepresentation, Length(value.Size + (isOdd ? 1 : 0)));
        value = _isBigEndian && written.SwapUnit > 1 ? SwappedByteBuffer.Of(value, written.SwapUnit) : value;
        value.CopyToStream(stream);
        if (isOdd)
        {
            stream.WriteByte(element.ValueRepresentation.PaddingValue);
        }
    }

    private void Write(DicomSequence sequence, Encoding[] encodings, int depth)
    {
        if (depth > DatasetReader.MaximumDepth)
        {
            throw new DicomDataException($"{sequence.Tag} is nested deeper than {DatasetReader.MaximumDepth} levels");
        }

        WriteHeader(sequence.Tag, DicomVR.SQ, options.ExplicitLengthSequences ? Length(ContentLength(sequence, encodings)) : Undefined);
        foreach (var item in sequence.Items)
        {
            WriteTag(DicomTag.Item, options.ExplicitLengthSequenceItems ? Length(ContentLength(item, encodings)) : Undefined);
            Write(item, encodings, depth);
            if (!options.ExplicitLengthSequenceItems)
            {
                WriteTag(DicomTag.ItemDelimitationItem, 0);
            }
        }

        if (!options.ExplicitLengthSequences)
        {
            WriteTag(DicomTag.SequenceDelimitationItem, 0);
        }
    }

    private void Write(DicomFragmentSequence fragments)
    {
        if (!syntax.IsEncapsulated)
        {
            throw new DicomDataException($"{fragments.Tag} is encapsulated and {syntax} is not");
        }

        WriteHeader(fragments.Tag, fragments.ValueRepresentation, Undefined);
        WriteTag(DicomTag.Item, checked((uint)fragments.OffsetTable.Count * 4));
        Span<byte> number = stackalloc byte[4];
        foreach (var offset in fragments.OffsetTable)
        {
            WriteUInt32(number, offset);
            stream.Write(number);
        }

        foreach (var fragment in fragments.Fragments)
        {
            var isOdd = (fragment.Size & 1) != 0;
            WriteTag(DicomTag.Item, Length(fragment.Size + (isOdd ? 1 : 0)));
            fragment.CopyToStream(stream);
            if (isOdd)
            {
                stream.WriteByte(0);
            }
        }

        WriteTag(DicomTag.SequenceDelimitationItem, 0);
    }

    /// <summary>The VR that the value is to be written in.</summary>
    private DicomVR WriteHeader(DicomTag tag, DicomVR vr, uint length)
    {
        Span<byte> header = stackalloc byte[LongHeader];
        header.Clear();
        WriteUInt16(header, tag.Group);
        WriteUInt16(header[2..], tag.Element);
        if (!syntax.IsExplicitVR)
        {
            WriteUInt32(header[4..], length);
            stream.Write(header[..ShortHeader]);
            return vr;
        }

        // A value too long for 16 bits is written as UN (PS3.5 6.2.2), which is little endian everywhere
        var written = vr.Is16bitLength && length > LongestShortValue ? DicomVR.UN : vr;
        Encoding.ASCII.GetBytes(written.Code, header[4..]);
        if (written.Is16bitLength)
        {
            WriteUInt16(header[6..], (ushort)length);
            stream.Write(header[..ShortHeader]);
        }
        else
        {
            WriteUInt32(header[8..], length);
            stream.Write(header);
        }

        return written;
    }

    private void WriteTag(DicomTag tag, uint length)
    {
        Span<byte> header = stackalloc byte[ShortHeader];
        WriteUInt16(header, tag.Group);
        WriteUInt16(header[2..], tag.Element);
        WriteUInt32(header[4..], length);
        stream.Write(header);
    }

    private void WriteUInt16(Span<byte> bytes, ushort value) =>
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, _isBigEndian ? BinaryPrimitives.ReverseEndianness(value) : value);

    private void WriteUInt32(Span<byte> bytes, uint value) =>
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, _isBigEndian ? BinaryPrimitives.ReverseEndianness(value) : value);

    private long ContentLength(DicomSequence sequence, Encoding[] encodings) =>
        sequence.Items.Sum(item => ShortHeader + ContentLength(item, encodings) + (options.ExplicitLengthSequenceItems ? 0 : ShortHeader));

    private long ContentLength(DicomDataset dataset, Encoding[] inherited)
    {
        var encodings = EncodingsOf(dataset, inherited);
        return Written(dataset).Sum(item => LengthOf(item, encodings));
    }

    private uint GroupLength(DicomDataset dataset, ushort group, Encoding[] encodings) =>
        Length(Written(dataset).Where(item => item.Tag.Group == group && item.Tag.Element != 0).Sum(item => LengthOf(item, encodings)));

    private long LengthOf(DicomItem item, Encoding[] encodings)
    {
        var content = item switch
        {
            DicomSequence sequence => ContentLength(sequence, encodings) + (options.ExplicitLengthSequences ? 0 : ShortHeader),
            DicomFragmentSequence fragments => (fragments.OffsetTable.Count * 4L) + (2 * ShortHeader)
                + fragments.Fragments.Sum(fragment => ShortHeader + fragment.Size + (fragment.Size & 1)),
            DicomElement element => ValueOf(element, encodings) is var value ? value.Size + (value.Size & 1) : 0,
            _ => 0,
        };
        var isShort = !syntax.IsExplicitVR || (item.ValueRepresentation.Is16bitLength && content <= LongestShortValue);
        return content + (isShort ? ShortHeader : LongHeader);
    }

    private static IEnumerable<DicomItem> Written(DicomDataset dataset) =>
        dataset.Where(item => item.Tag.Element != 0 || item.Tag.Group is 0x0000 or 0x0002);

    private static IByteBuffer ValueOf(DicomElement element, Encoding[] encodings)
    {
        try
        {
            return element is DicomStringElement text ? text.EncodedFor(encodings) : element.Buffer;
        }
        catch (EncoderFallbackException)
        {
            throw new DicomDataException($"{element.Tag} has characters that the Specific Character Set of its data set lacks");
        }
    }

    private static Encoding[] EncodingsOf(DicomDataset dataset, Encoding[] inherited) =>
        dataset.TryGetValues(DicomTag.SpecificCharacterSet, out string[] terms) && terms.Length > 0 ? DicomEncoding.GetEncodings(terms) : inherited;

    private static uint Length(long length) =>
        length < Undefined ? (uint)length : throw new DicomDataException("A sequence or fragment is longer than 4 GiB");
}
