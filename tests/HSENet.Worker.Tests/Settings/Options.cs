using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using HSENet.Worker.Configuration;

namespace HSENet.Worker.Tests.Settings;

/// <summary>Every key that the settings have, read from their classes: types and defaults by reflection, what they mean from the compiler's documentation file.</summary>
internal static partial class Options
{
    private static readonly Type s_root = typeof(WorkerSettings);

    private static readonly Lazy<Dictionary<string, XElement>> s_comments = new(() =>
        XDocument.Load(Path.ChangeExtension(s_root.Assembly.Location, ".xml")).Descendants("member").ToDictionary(member => member.Attribute("name")!.Value));

    public static IReadOnlyList<Option> All() => [.. Of(s_root, "")];

    /// <summary>The same with the sections: each class of settings with its own comment, in the order of the root's properties.</summary>
    public static IReadOnlyList<(string Section, string Summary, IReadOnlyList<Option> Options)> Sections()
    {
        var all = All();
        return
        [
            .. all.GroupBy(SectionOf).Select(group => (group.Key, Comment($"T:{Holder(group.Key).FullName}"), (IReadOnlyList<Option>)[.. group])),
        ];
    }

    private static IEnumerable<Option> Of(Type type, string prefix)
    {
        var defaults = Activator.CreateInstance(type)!;
        var own = new List<Option>();
        var inner = new List<Option>();
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite))
        {
            var (key, element) = (prefix + property.Name, ElementOf(property.PropertyType));
            if (IsSection(property.PropertyType))
                inner.AddRange(Of(property.PropertyType, key + ":"));
            else if (element is not null && IsSection(element))
                inner.AddRange(Of(element, key + ":N:"));
            else
                own.Add(Describe(property, key + (element is null ? "" : ":N"), element is null ? property.GetValue(defaults) : null));
        }

        return own.Concat(inner);
    }

    private static Option Describe(PropertyInfo property, string key, object? value)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        var (name, unit) = true switch
        {
            _ when type == typeof(string) => ("text", ""),
            _ when ElementOf(type) == typeof(string) => ("texts", ""),
            _ when type == typeof(bool) => ("true, false", ""),
            _ when type == typeof(TimeSpan) => ("duration", "d.hh:mm:ss"),
            _ when type == typeof(ByteSize) => ("size", "bytes"),
            _ when type == typeof(int) && property.Name.EndsWith("Port", StringComparison.Ordinal) => ("number", "TCP port"),
            _ when type == typeof(int) && property.DeclaringType == typeof(DicomLimitOptions) => ("number", "places"),
            _ when property.DeclaringType == typeof(CodecOptions) && property.Name == nameof(CodecOptions.Processes) => ("number", "processes"),
            _ when property.Name == nameof(ModelOptions.MaximumLoaded) => ("number", "models"),
            _ when type == typeof(double) => ("number", DecimalUnit(property.Name)),
            _ => throw new InvalidOperationException($"{key}: how is a {type} written, and in what unit? Say so here"),
        };
        return new Option(key, name, unit, Text(value), Comment($"P:{property.DeclaringType!.FullName}.{property.Name}"));
    }

    /// <summary>Told by the end of its name; a share or a ratio has none.</summary>
    private static string DecimalUnit(string name) =>
        name.EndsWith("Mm", StringComparison.Ordinal) ? "mm"
        : name.EndsWith("Hu", StringComparison.Ordinal) ? "HU"
        : name.EndsWith("Millilitres", StringComparison.Ordinal) ? "ml"
        : "";

    private static string Text(object? value) => value switch
    {
        null => "",
        bool flag => flag ? "true" : "false",
        ByteSize { Bytes: > 0 } size when size.Bytes % (1L << 30) == 0 => $"{size.Bytes >> 30}GiB",
        TimeSpan time => time.ToString("c", CultureInfo.InvariantCulture),
        _ => string.Format(CultureInfo.InvariantCulture, "{0}", value),
    };

    /// <summary>A comment as one line; what it says of a plain default is left out, for the page has a column for that.</summary>
    private static string Comment(string member)
    {
        var summary = s_comments.Value.TryGetValue(member, out var found) ? found.Element("summary") : null;
        if (summary is null)
            throw new InvalidOperationException($"{member} has no comment");
        var text = string.Concat(summary.Nodes().Select(node => node switch
        {
            XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
            XElement reference => $"`{reference.Attribute("cref")!.Value.Split('.')[^1]}`",
            _ => node.ToString(),
        }));
        text = Spaces().Replace(System.Net.WebUtility.HtmlDecode(text), " ").Trim();
        return PlainDefault().Replace(Source().Replace(text, ""), "").Trim();
    }

    private static Type Holder(string section) =>
        section.Split(':', StringSplitOptions.RemoveEmptyEntries).Where(name => name != "N")
            .Aggregate(s_root, (type, name) => type.GetProperty(name)!.PropertyType is var inner && ElementOf(inner) is { } element ? element : inner);

    /// <summary>Of <c>Routes:N:Destinations:N</c> it is <c>Routes:N:</c>: a list of texts is a key and no section.</summary>
    private static string SectionOf(Option option)
    {
        var key = option.Key.EndsWith(":N", StringComparison.Ordinal) ? option.Key[..^2] : option.Key;
        return key[..(key.LastIndexOf(':') + 1)];
    }

    private static bool IsSection(Type type) => type.IsClass && type.Namespace == s_root.Namespace;

    private static Type? ElementOf(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(List<>) ? type.GetGenericArguments()[0] : null;

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();

    [GeneratedRegex(@" Bound from (the section )?`[^`]+`(?: and checked by `\w+`)?\.| \(design\.md section \d+\)")]
    private static partial Regex Source();

    [GeneratedRegex(@" ?(?:No default|Default [^ ,;]+( (days|s|min))?)\.$")]
    private static partial Regex PlainDefault();
}
