using System.Text.RegularExpressions;
using HSENet.Worker.Configuration;
using Microsoft.Extensions.Configuration;

namespace HSENet.Worker.Tests.Settings;

/// <summary>What the start demands of a key, in the words of the service itself: wrong values are offered to it, and what it then says of that key is collected.</summary>
internal static partial class Checks
{
    private static readonly string[] s_wrong = ["", " ", "-1", "99999999", "no such thing", "a\\b", "00:00:00", "00:00:10", "9999.00:00:00", "-1.00:00:00", "true", "http://192.0.2.1:80", new('x', 200)];

    /// <summary>A start that needs every key, so that each check has its reason to speak.</summary>
    private static readonly Dictionary<string, string?> s_sound = new()
    {
        ["Queue:Transport"] = "rabbitmq", ["Queue:User"] = "worker",
        ["Dicom:Sources:0:AeTitle"] = "CT1", ["Dicom:Sources:0:Address"] = "192.0.2.1",
        ["Routes:0:Name"] = "chest", ["Routes:0:When"] = "Rows exists",
        ["Destinations:0:Name"] = "pacs", ["Destinations:0:AeTitle"] = "PACS", ["Destinations:0:Host"] = "192.0.2.2",
    };

    /// <summary>Settings without a word against them that need more than <see cref="s_sound"/> before a key is looked at.</summary>
    private static readonly Dictionary<string, string?>[] s_reasons =
    [
        [],
        new() { ["Dicom:Tls:Enabled"] = "true" },
        new() { ["Web:Auth:Authority"] = "https://sign-in.example" },
    ];

    /// <summary>Each demand once; empty for a key that may have any value of its type.</summary>
    public static IReadOnlyList<string> Of(Option option)
    {
        var key = ListPlace().Replace(option.Key, ":0");
        var demands =
            from reason in s_reasons
            from value in s_wrong
            from failure in Failures(s_sound.Concat(reason).Append(KeyValuePair.Create(key, (string?)value)))
            where Regex.IsMatch(failure, $@"\bHSENet:{key}\b(?!:)")
            let isAboutIt = failure.StartsWith($"HSENet:{key} ", StringComparison.Ordinal) && !failure.StartsWith($"HSENet:{key} and ", StringComparison.Ordinal)
            let words = isAboutIt ? failure[$"HSENet:{key} ".Length..] : failure
            select RulePlace().Replace(words, "at character N: what is wrong there").Replace(":0:", ":N:", StringComparison.Ordinal).Replace(value.Length > 20 ? value : "\0", "…", StringComparison.Ordinal);
        return [.. demands.Distinct()];
    }

    private static List<string> Failures(IEnumerable<KeyValuePair<string, string?>> values)
    {
        var settings = new Dictionary<string, string?>();
        foreach (var (key, value) in values)
            settings[$"HSENet:{key}"] = value;
        try
        {
            return new ConfigurationBuilder().AddInMemoryCollection(settings).Build().GetSection(WorkerSettings.Section).Get<WorkerSettings>()!.Validate().ToList();
        }
        catch (InvalidOperationException)
        {
            return []; // not of the key's type
        }
    }

    [GeneratedRegex(@":N(?=:|$)")]
    private static partial Regex ListPlace();

    [GeneratedRegex(@"at character \d+: .*")]
    private static partial Regex RulePlace();
}
