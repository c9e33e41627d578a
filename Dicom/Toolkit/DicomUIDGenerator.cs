using System.Collections.Concurrent;

namespace FellowOakDicom;

/// <summary>Makes UIDs; one instance maps each source UID to the same new one, which keeps references together.</summary>
public class DicomUIDGenerator
{
    private readonly ConcurrentDictionary<string, DicomUID> _map = new(StringComparer.Ordinal);

    /// <summary>A new UID 2.25.&lt;UUID as a decimal number&gt; (PS3.5 B.2), at most 44 characters long.</summary>
    public static DicomUID GenerateDerivedFromUUID() => DicomUID.FromGuid(Guid.NewGuid());

    /// <summary>The new UID of <paramref name="sourceUid"/>: always the same one for the same source.</summary>
    public DicomUID Generate(DicomUID sourceUid)
    {
        ArgumentNullException.ThrowIfNull(sourceUid);
        return _map.GetOrAdd(sourceUid.UID, _ => GenerateDerivedFromUUID());
    }
}
