using System.Text;
using FellowOakDicom.IO.Buffer;

namespace FellowOakDicom;

/// <summary>VR PN: names of five components in up to three groups (PS3.5 6.2.1). The properties read the first group of the first name.</summary>
public sealed class DicomPersonName : DicomMultiStringElement
{
    public DicomPersonName(DicomTag tag, params string[] values)
        : base(tag, values)
    {
    }

    public DicomPersonName(DicomTag tag, string Last, string First, string? Middle = null, string? Prefix = null, string? Suffix = null)
        : base(tag, [string.Join('^', Last, First, Middle, Prefix, Suffix).TrimEnd('^')])
    {
    }

    public DicomPersonName(DicomTag tag, Encoding[] encodings, IByteBuffer data)
        : base(tag, encodings, data)
    {
    }

    public override DicomVR ValueRepresentation => DicomVR.PN;

    /// <summary>The family name.</summary>
    public string Last => Component(0);

    /// <summary>The given name.</summary>
    public string First => Component(1);

    public string Middle => Component(2);

    public string Prefix => Component(3);

    public string Suffix => Component(4);

    private string Component(int index) =>
        Count > 0 && Get<string>(0).Split('=')[0].Split('^') is { } parts && index < parts.Length ? parts[index].Trim() : "";
}
