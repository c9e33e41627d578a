namespace FellowOakDicom;

/// <summary>What PS3.6 says of an attribute.</summary>
public sealed class DicomDictionaryEntry
{
    public DicomDictionaryEntry(DicomTag tag, string name, string keyword, DicomVM vm, bool retired, params DicomVR[] vrs)
        : this(new DicomMaskedTag(tag), name, keyword, vm, retired, vrs) => Tag = tag;

    public DicomDictionaryEntry(DicomMaskedTag tag, string name, string keyword, DicomVM vm, bool retired, params DicomVR[] vrs)
    {
        MaskTag = tag;
        Tag = new DicomTag((ushort)(tag.Card >> 16), (ushort)tag.Card);
        Name = name;
        Keyword = keyword;
        ValueMultiplicity = vm;
        IsRetired = retired;
        ValueRepresentations = vrs;
    }

    /// <summary>The tag; free digits of a masked one are zero.</summary>
    public DicomTag Tag { get; set; }

    public DicomMaskedTag MaskTag { get; }

    public string Name { get; }

    public string Keyword { get; }

    /// <summary>The VRs that may be used; the first is the default.</summary>
    public DicomVR[] ValueRepresentations { get; }

    public DicomVM ValueMultiplicity { get; }

    public bool IsRetired { get; }
}
