namespace FellowOakDicom;

/// <summary>Anything a data set holds: an element with a value, a sequence, or the fragments of encapsulated pixel data.</summary>
public abstract class DicomItem : IComparable<DicomItem>, IComparable
{
    protected DicomItem(DicomTag tag) => Tag = tag ?? throw new ArgumentNullException(nameof(tag));

    public DicomTag Tag { get; internal set; }

    public abstract DicomVR ValueRepresentation { get; }

    public int CompareTo(DicomItem? other) => other is null ? 1 : Tag.CompareTo(other.Tag);

    public int CompareTo(object? obj) => CompareTo(obj as DicomItem);

    /// <summary>Checks the values against the rules of their VR (PS3.5 6.2).</summary>
    /// <exception cref="DicomValidationException">They break them.</exception>
    public virtual void Validate()
    {
    }

    /// <summary>Tag, VR and name; never the value, which may be patient data.</summary>
    public override string ToString() => $"{Tag} {ValueRepresentation.Code} {Tag.DictionaryEntry.Name}";

    /// <summary>The same item under a tag of another number or creator; values are shared, they are never changed in place.</summary>
    internal DicomItem Retagged(DicomTag tag)
    {
        var copy = (DicomItem)MemberwiseClone();
        copy.Tag = tag;
        return copy;
    }
}
