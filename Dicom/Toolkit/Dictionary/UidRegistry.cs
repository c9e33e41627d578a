using System.Collections.Frozen;

namespace FellowOakDicom;

/// <summary>The UIDs of PS3.6 annex A, from the embedded table.</summary>
internal static class UidRegistry
{
    private static readonly FrozenDictionary<string, DicomUID> Table = Load();

    internal static DicomUID? Find(string uid) => Table.GetValueOrDefault(uid);

    internal static DicomStorageCategory Categorise(DicomUID uid)
    {
        if (uid.Type != DicomUidType.SOPClass)
        {
            return DicomStorageCategory.None;
        }

        if (!uid.UID.StartsWith("1.2.840.10008.", StringComparison.Ordinal))
        {
            return DicomStorageCategory.Private;
        }

        bool Has(string part) => uid.Name.Contains(part, StringComparison.Ordinal);
        return 0 switch
        {
            _ when !Has("Storage") || Has("Storage Commitment") => DicomStorageCategory.None,
            _ when Has("Presentation State") => DicomStorageCategory.PresentationState,
            _ when Has("Volume Storage") => DicomStorageCategory.Volume,
            _ when Has("Image Storage") => DicomStorageCategory.Image,
            _ when Has("Key Object") => DicomStorageCategory.StructuredReport,
            _ when Has("Waveform Storage") || Has("ECG") => DicomStorageCategory.Waveform,
            _ when Has("Encapsulated") => DicomStorageCategory.Document,
            _ when Has("Raw Data") => DicomStorageCategory.Raw,
            _ => DicomStorageCategory.Other,
        };
    }

    private static FrozenDictionary<string, DicomUID> Load()
    {
        var table = new Dictionary<string, DicomUID>(StringComparer.Ordinal);
        foreach (var fields in EmbeddedTable.Read("uids.tsv"))
        {
            table[fields[0]] = new DicomUID(fields[0], fields[3], Enum.Parse<DicomUidType>(fields[1]), fields[2] == "R");
        }

        return table.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
