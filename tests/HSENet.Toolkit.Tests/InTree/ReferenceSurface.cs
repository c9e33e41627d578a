using System.Text.RegularExpressions;

namespace HSENet.Toolkit.Tests.InTree;

/// <summary>The public API of the package as listed in reference/fo-dicom-api.txt.</summary>
internal sealed partial class ReferenceSurface
{
    private readonly Dictionary<string, (string Kind, HashSet<string> Members)> _types = new(StringComparer.Ordinal);

    internal ReferenceSurface(string path)
    {
        HashSet<string>? members = null;
        foreach (var line in File.ReadLines(path))
        {
            if (TypeLine().Match(line) is { Success: true } type)
            {
                members = new(StringComparer.Ordinal);
                _types[type.Groups[1].Value] = (type.Groups[2].Value, members);
            }
            else if (line.TrimStart().StartsWith("fields: ", StringComparison.Ordinal))
            {
                members!.UnionWith(line.Split("fields: ")[1].Split(' ').Select(name => "field " + name));
            }
            else
            {
                members?.Add(Normal(line));
            }
        }
    }

    internal string? KindOf(string type) => _types.TryGetValue(type, out var found) ? found.Kind : null;

    internal bool Has(string type, string member) =>
        _types.TryGetValue(type, out var found)
        && (found.Members.Contains(member)
            || found.Members.Contains(member.Replace("{get;}", "{get;set;}", StringComparison.Ordinal))
            || found.Members.Contains("field " + member.Split(' ')[^1]));

    // Virtual or not, and protected or not where ours is public, does not matter to a caller that compiles against ours
    private static string Normal(string line) => line.Trim().Replace("virtual ", "", StringComparison.Ordinal);

    [GeneratedRegex(@"^## (\S+) \[(\w+)\]")]
    private static partial Regex TypeLine();
}
