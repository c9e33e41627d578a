using System.Collections;
using System.Collections.Frozen;

namespace FellowOakDicom;

/// <summary>
/// The standard's data dictionary (PS3.6, PS3.7 annex E): needed to read implicit VR and to infer the VR of what code adds.
/// Private attributes are not in it: they read as <see cref="UnknownTag"/>, their reservations as <see cref="PrivateCreatorTag"/>.
/// </summary>
public sealed class DicomDictionary : IEnumerable<DicomDictionaryEntry>
{
    public static readonly DicomDictionaryEntry UnknownTag =
        new(DicomMaskedTag.Parse("(xxxx,xxxx)"), "Unknown", "Unknown", DicomVM.VM_1_n, false, DicomVR.UN);

    public static readonly DicomDictionaryEntry PrivateCreatorTag =
        new(DicomMaskedTag.Parse("(xxxx,00xx)"), "Private Creator", "PrivateCreator", DicomVM.VM_1, false, DicomVR.LO);

    private static readonly DicomDictionaryEntry GroupLength =
        new(DicomMaskedTag.Parse("(xxxx,0000)"), "Group Length", "GroupLength", DicomVM.VM_1, true, DicomVR.UL);

    private static readonly Lazy<DicomDictionary> Standard = new(Load);

    private readonly FrozenDictionary<uint, DicomDictionaryEntry> _entries;
    private readonly DicomDictionaryEntry[] _masked;
    private readonly Lazy<FrozenDictionary<string, DicomTag>> _byKeyword;

    private DicomDictionary(IReadOnlyCollection<DicomDictionaryEntry> entries)
    {
        _entries = entries.Where(entry => entry.MaskTag.Mask == uint.MaxValue).ToFrozenDictionary(entry => entry.Tag.Number);
        _masked = [.. entries.Where(entry => entry.MaskTag.Mask != uint.MaxValue)];
        _byKeyword = new(() => entries.DistinctBy(entry => entry.Keyword, StringComparer.Ordinal)
            .ToFrozenDictionary(entry => entry.Keyword, entry => entry.Tag, StringComparer.Ordinal));
    }

    public static DicomDictionary Default => Standard.Value;

    /// <summary>The entry of a tag, or <see cref="UnknownTag"/>.</summary>
    public DicomDictionaryEntry this[DicomTag tag]
    {
        get
        {
            ArgumentNullException.ThrowIfNull(tag);
            if (tag.IsPrivate)
            {
                return tag.IsPrivateReservation ? PrivateCreatorTag : tag.Element == 0 ? GroupLength : UnknownTag;
            }

            return _entries.GetValueOrDefault(tag.Number)
                ?? (tag.Element == 0 ? GroupLength : Array.Find(_masked, entry => entry.MaskTag.IsMatch(tag)) ?? UnknownTag);
        }
    }

    /// <summary>The tag of a keyword such as "PatientName"; null when there is none.</summary>
    public DicomTag this[string keyword] => _byKeyword.Value.GetValueOrDefault(keyword)!;

    public IEnumerator<DicomDictionaryEntry> GetEnumerator() => _entries.Values.Concat(_masked).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static DicomDictionary Load()
    {
        var multiplicities = new Dictionary<string, DicomVM>(StringComparer.Ordinal);
        var representations = new Dictionary<string, DicomVR[]>(StringComparer.Ordinal);
        var entries = new List<DicomDictionaryEntry>(5000);
        foreach (var fields in EmbeddedTable.Read("dictionary.tsv"))
        {
            if (!multiplicities.TryGetValue(fields[2], out var vm))
            {
                multiplicities[fields[2]] = vm = DicomVM.Parse(fields[2]);
            }

            if (!representations.TryGetValue(fields[1], out var vrs))
            {
                representations[fields[1]] = vrs = [.. fields[1].Split('/').Select(DicomVR.Parse)];
            }

            entries.Add(fields[0].Contains('x', StringComparison.Ordinal)
                ? new DicomDictionaryEntry(DicomMaskedTag.Parse(fields[0]), fields[5], fields[3], vm, fields[4] == "R", vrs)
                : new DicomDictionaryEntry(DicomTag.Parse(fields[0]), fields[5], fields[3], vm, fields[4] == "R", vrs));
        }

        return new DicomDictionary(entries);
    }
}
