using System.Text;
using FellowOakDicom.IO.Buffer;

namespace FellowOakDicom;

/// <summary>An element of text whose values are separated by backslashes.</summary>
public abstract class DicomMultiStringElement : DicomStringElement
{
    private string[]? _values;

    private protected DicomMultiStringElement(DicomTag tag, string[]? values)
        : base(tag, values is null ? "" : string.Join('\\', values))
    {
    }

    private protected DicomMultiStringElement(DicomTag tag, Encoding[] encodings, IByteBuffer buffer)
        : base(tag, encodings, buffer)
    {
    }

    public override int Count => Values.Length;

    /// <summary>Values without padding; leading spaces too where they mean nothing.</summary>
    private string[] Values => _values ??= StringValue.Length == 0 ? [] : [.. StringValue.Split('\\').Select(Trimmed)];

    private protected override void ValidateString()
    {
        foreach (var value in StringValue.Length == 0 ? [] : StringValue.Split('\\'))
        {
            if (value.Length > 0)
            {
                ValueRepresentation.ValidateString(value);
            }
        }
    }

    internal override object ValueAt(int index) => Values[index];

    private string Trimmed(string value) =>
        ValueRepresentation.IsStringEncoded ? value.TrimEnd(' ', '\0') : value.Trim(' ', '\0');
}
