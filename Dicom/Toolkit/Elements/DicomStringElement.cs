using System.Text;
using FellowOakDicom.IO.Buffer;
using HSENet.Dicom.Text;

namespace FellowOakDicom;

/// <summary>An element of text. What was read keeps its bytes, so that it is written again as it came.</summary>
public abstract class DicomStringElement : DicomElement
{
    private readonly Encoding[] _encodings;
    private IByteBuffer? _buffer;
    private string? _text;

    private protected DicomStringElement(DicomTag tag, string? value)
        : base(tag)
    {
        _text = value ?? "";
        _encodings = DicomEncoding.DefaultArray;
    }

    private protected DicomStringElement(DicomTag tag, Encoding[] encodings, IByteBuffer buffer)
        : base(tag)
    {
        _buffer = buffer ?? EmptyBuffer.Value;
        _encodings = encodings is { Length: > 0 } ? encodings : DicomEncoding.DefaultArray;
        IsRead = true;
    }

    public override int Count => StringValue.Length == 0 ? 0 : 1;

    public override IByteBuffer Buffer => _buffer ??= Encoded(_encodings);

    /// <summary>True when the bytes came from outside; false when the text was made by code.</summary>
    internal bool IsRead { get; }

    /// <summary>All values as one text, without the padding at its end.</summary>
    private protected string StringValue => _text ??= TextCodec.Decode(Buffer.Data, _encodings).TrimEnd(' ', '\0');

    public override void Validate()
    {
        base.Validate();
        ValidateString();
    }

    private protected virtual void ValidateString()
    {
        if (StringValue.Length > 0)
        {
            ValueRepresentation.ValidateString(StringValue);
        }
    }

    internal override object ValueAt(int index) => StringValue;

    /// <summary>The bytes in the character set of the data set that is being written.</summary>
    internal IByteBuffer EncodedFor(Encoding[] encodings) =>
        IsRead && (!ValueRepresentation.IsStringEncoded || encodings.SequenceEqual(_encodings)) ? Buffer : Encoded(encodings);

    private protected override string JoinedText() => StringValue;

    private IByteBuffer Encoded(Encoding[] encodings)
    {
        var bytes = TextCodec.Encode(StringValue, ValueRepresentation.IsStringEncoded ? encodings : DicomEncoding.DefaultArray);
        if ((bytes.Length & 1) != 0)
        {
            bytes = [.. bytes, ValueRepresentation.PaddingValue];
        }

        return bytes.Length == 0 ? EmptyBuffer.Value : new MemoryByteBuffer(bytes);
    }
}
