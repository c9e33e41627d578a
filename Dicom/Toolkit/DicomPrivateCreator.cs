namespace FellowOakDicom;

/// <summary>The owner of a block of private attributes, as written in (gggg,0010–00FF) (PS3.5 7.8.1).</summary>
public sealed class DicomPrivateCreator : IEquatable<DicomPrivateCreator>, IComparable<DicomPrivateCreator>, IComparable
{
    public DicomPrivateCreator(string creator) => Creator = creator ?? throw new ArgumentNullException(nameof(creator));

    public string Creator { get; }

    public int CompareTo(DicomPrivateCreator? other) => other is null ? 1 : string.CompareOrdinal(Creator, other.Creator);

    public int CompareTo(object? obj) => CompareTo(obj as DicomPrivateCreator);

    public override bool Equals(object? obj) => Equals(obj as DicomPrivateCreator);

    public bool Equals(DicomPrivateCreator? other) => other is not null && Creator == other.Creator;

    public override int GetHashCode() => string.GetHashCode(Creator, StringComparison.Ordinal);

    public override string ToString() => Creator;
}
