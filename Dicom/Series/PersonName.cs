namespace HSENet.Dicom.Series;

/// <summary>
/// A person's name as PS3.5 6.2.1 compares it: groups of components, without padding and without the empty components and groups at the end, which may be left out.
/// </summary>
internal sealed class PersonName
{
    private const int GroupCount = 3;

    private readonly string[] _groups;

    private PersonName(string[] groups) => _groups = groups;

    /// <summary>How two names are related.</summary>
    public enum Likeness
    {
        Same,

        /// <summary>No group contradicts the other name's, but one has a group that the other lacks.</summary>
        InPart,

        /// <summary>The same letters, some of them in another case.</summary>
        OtherCase,

        Different,
    }

    /// <returns>Null for a name without any character.</returns>
    public static PersonName? Parse(string? text)
    {
        var groups = (text ?? "").Split('=').Take(GroupCount).Select(Group).ToArray();
        return groups.All(g => g.Length == 0) ? null : new(groups);
    }

    public Likeness CompareTo(PersonName other)
    {
        var likeness = Likeness.Same;
        for (var i = 0; i < GroupCount; i++)
        {
            var (a, b) = (GroupAt(i), other.GroupAt(i));
            var found = string.Equals(a, b, StringComparison.Ordinal) ? Likeness.Same
                : a.Length == 0 || b.Length == 0 ? Likeness.InPart
                : string.Equals(a, b, StringComparison.OrdinalIgnoreCase) ? Likeness.OtherCase
                : Likeness.Different;
            likeness = (Likeness)Math.Max((int)likeness, (int)found);
        }

        return likeness;
    }

    private string GroupAt(int i) => i < _groups.Length ? _groups[i] : "";

    private static string Group(string text) => string.Join('^', text.Split('^').Select(c => c.Trim(' ', '\0'))).TrimEnd('^');
}
