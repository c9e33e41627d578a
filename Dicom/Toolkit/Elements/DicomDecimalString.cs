using FellowOakDicom.IO.Buffer;

namespace FellowOakDicom;

/// <summary>VR DS: decimal numbers as text of at most 16 characters.</summary>
public sealed class DicomDecimalString : DicomMultiStringElement
{
    public DicomDecimalString(DicomTag tag, params decimal[] values)
        : base(tag, [.. values.Select(ToDecimalString)])
    {
    }

    public DicomDecimalString(DicomTag tag, params string[] values)
        : base(tag, values)
    {
    }

    public DicomDecimalString(DicomTag tag, IByteBuffer data)
        : base(tag, [], data)
    {
    }

    public override DicomVR ValueRepresentation => DicomVR.DS;

    /// <summary>The number in at most 16 characters.</summary>
    public static string ToDecimalString(decimal value) => DecimalText.Format(value);
}
