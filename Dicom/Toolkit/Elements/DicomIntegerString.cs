using System.Globalization;
using FellowOakDicom.IO.Buffer;

namespace FellowOakDicom;

/// <summary>VR IS: integers as text of at most 12 characters.</summary>
public sealed class DicomIntegerString : DicomMultiStringElement
{
    public DicomIntegerString(DicomTag tag, params int[] values)
        : base(tag, [.. values.Select(value => value.ToString(CultureInfo.InvariantCulture))])
    {
    }

    public DicomIntegerString(DicomTag tag, params string[] values)
        : base(tag, values)
    {
    }

    public DicomIntegerString(DicomTag tag, IByteBuffer data)
        : base(tag, [], data)
    {
    }

    public override DicomVR ValueRepresentation => DicomVR.IS;
}
