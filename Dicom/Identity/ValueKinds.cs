using System.Collections.Frozen;
using FellowOakDicom;

namespace HSENet.Dicom.Identity;

/// <summary>Kinds by tag, as PS3.6 gives the VR: what a sender wrote does not matter, and implicit VR has none.</summary>
internal static class ValueKinds
{
    private static readonly FrozenDictionary<uint, ValueKind> s_kinds = DicomDictionary.Default
        .Where(entry => entry.Tag is not null && !entry.Tag.IsPrivate && entry.ValueRepresentations.Length > 0)
        .GroupBy(entry => (uint)(entry.Tag.Group << 16 | entry.Tag.Element))
        .ToFrozenDictionary(group => group.Key, group => Of(group.First().ValueRepresentations[0].Code));

    public static ValueKind Of(uint tag) => s_kinds.GetValueOrDefault(tag, ValueKind.Unknown);

    private static ValueKind Of(string vr) => vr switch
    {
        "SQ" => ValueKind.Sequence,
        "PN" => ValueKind.Name,
        "DS" or "IS" => ValueKind.Number,
        "LT" or "ST" or "UT" or "UR" or "UC" => ValueKind.LongText,
        "AE" or "AS" or "CS" or "DA" or "DT" or "LO" or "SH" or "TM" or "UI" => ValueKind.Text,
        "UN" or "NONE" => ValueKind.Unknown,
        _ => ValueKind.Binary,
    };
}
