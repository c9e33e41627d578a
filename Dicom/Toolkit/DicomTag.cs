using System.Globalization;

namespace FellowOakDicom;

/// <summary>Identifies an attribute: group and element, and for private attributes the creator (PS3.5 7.1.1, 7.8).</summary>
public sealed partial class DicomTag : IFormattable, IEquatable<DicomTag>, IComparable<DicomTag>, IComparable
{
    /// <summary>Stands for "no tag" (FFFF,FFFF).</summary>
    public static readonly DicomTag Unknown = new(0xFFFF, 0xFFFF);

    /// <summary>Item (FFFE,E000).</summary>
    public static readonly DicomTag Item = new(0xFFFE, 0xE000);

    /// <summary>Item Delimitation Item (FFFE,E00D).</summary>
    public static readonly DicomTag ItemDelimitationItem = new(0xFFFE, 0xE00D);

    /// <summary>Sequence Delimitation Item (FFFE,E0DD).</summary>
    public static readonly DicomTag SequenceDelimitationItem = new(0xFFFE, 0xE0DD);

    public DicomTag(ushort group, ushort element)
    {
        Group = group;
        Element = element;
    }

    public DicomTag(ushort group, ushort element, string privateCreator)
        : this(group, element, new DicomPrivateCreator(privateCreator))
    {
    }

    public DicomTag(ushort group, ushort element, DicomPrivateCreator? privateCreator)
        : this(group, element) => PrivateCreator = privateCreator!;

    public ushort Group { get; }

    public ushort Element { get; }

    /// <summary>True for an odd group.</summary>
    public bool IsPrivate => (Group & 1) != 0;

    /// <summary>The owner of a private attribute; null for standard attributes and where it is not known.</summary>
    public DicomPrivateCreator PrivateCreator { get; } = null!;

    /// <summary>What the dictionary knows of this tag; <see cref="DicomDictionary.UnknownTag"/> when it knows nothing.</summary>
    public DicomDictionaryEntry DictionaryEntry => DicomDictionary.Default[this];

    internal uint Number => ((uint)Group << 16) | Element;

    /// <summary>A private attribute whose place depends on the block of its creator; of its element only the last two digits count then.</summary>
    internal bool HasCreator => IsPrivate && PrivateCreator is not null;

    /// <summary>The place where a private creator writes its name.</summary>
    internal bool IsPrivateReservation => IsPrivate && PrivateCreator is null && Element is >= 0x10 and <= 0xFF;

    /// <summary>Reads "gggg,eeee", "(gggg,eeee)", "ggggeeee" and "(gggg,eeee:creator)".</summary>
    /// <exception cref="DicomDataException">The text is none of these.</exception>
    public static DicomTag Parse(string s)
    {
        ArgumentNullException.ThrowIfNull(s);
        var text = s.Trim().TrimStart('(').TrimEnd(')');
        string? creator = null;
        if (text.IndexOf(':', StringComparison.Ordinal) is var colon and >= 0)
        {
            creator = text[(colon + 1)..];
            text = text[..colon];
        }

        text = text.Replace(",", "", StringComparison.Ordinal).Replace('x', '0').Replace('X', '0');
        if (text.Length != 8 || !uint.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number))
        {
            throw new DicomDataException("Not a DICOM tag: expected (gggg,eeee)");
        }

        return new DicomTag((ushort)(number >> 16), (ushort)number, creator is null ? null : new DicomPrivateCreator(creator));
    }

    public override string ToString() => ToString("G", null);

    /// <summary>"G": (gggg,eeee) or (gggg,eeee:creator); "X": the same with the block of a private element masked as xx; "J": GGGGEEEE.</summary>
    /// <exception cref="FormatException">Another format.</exception>
    public string ToString(string? format, IFormatProvider? formatProvider)
    {
        var creator = PrivateCreator is null ? "" : $":{PrivateCreator.Creator}";
        return format switch
        {
            null or "" or "G" => $"({Group:x4},{Element:x4}{creator})",
            "X" => PrivateCreator is null ? $"({Group:x4},{Element:x4})" : $"({Group:x4},xx{Element & 0xFF:x2}{creator})",
            "J" => $"{Group:X4}{Element:X4}",
            _ => throw new FormatException($"Unknown tag format {format}"),
        };
    }

    public int CompareTo(DicomTag? other)
    {
        if (other is null)
        {
            return 1;
        }

        var byNumber = Number.CompareTo(other.Number);
        if (byNumber != 0 || (PrivateCreator is null && other.PrivateCreator is null))
        {
            return byNumber;
        }

        return string.CompareOrdinal(PrivateCreator?.Creator ?? "", other.PrivateCreator?.Creator ?? "");
    }

    public int CompareTo(object? obj) => CompareTo(obj as DicomTag);

    public override bool Equals(object? obj) => Equals(obj as DicomTag);

    public bool Equals(DicomTag? other) => other is not null && Number == other.Number && Equals(PrivateCreator, other.PrivateCreator);

    public override int GetHashCode() => (int)Number;

    public static bool operator ==(DicomTag? left, DicomTag? right) => left is null ? right is null : left.Equals(right);

    public static bool operator !=(DicomTag? left, DicomTag? right) => !(left == right);
}
