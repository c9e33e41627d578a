using System.Text;

namespace HSENet.Model.Tests.Text;

/// <summary>Random texts from a seed.</summary>
internal static class Texts
{
    private static readonly string[] s_parts =
    [
        "The heart", " lungs", "don't", "I'LL", "left-sided", "lung/left", "12345", "5mm", "  ", "\n", "\r\n", "\t", "\u00a0", ".", "...", "(CT)", "İ", "ß", "é", "e\u0301", "中文", "हिन्दी", "²", "≥", "\u00ad",
    ];

    public static IEnumerable<string> Random(int seed, int count, Func<Random, string> part)
    {
        var random = new Random(seed);
        for (var i = 0; i < count; i++)
        {
            yield return string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => part(random)));
        }
    }

    /// <summary>Any scalar value, in runs of one to four.</summary>
    public static string Anything(Random random)
    {
        var text = new StringBuilder();
        var first = random.Next(4) switch { 0 => random.Next(0x80), 1 => random.Next(0x800), 2 => random.Next(0x10000), _ => random.Next(0x110000) };
        for (var i = random.Next(4); i >= 0; i--)
        {
            text.Append(Rune.IsValid(first + i) ? new Rune(first + i) : new Rune('x'));
        }

        return text.ToString();
    }

    /// <summary>Parts of reports and characters of the basic plane, where .NET's regular expressions see what the pattern means.</summary>
    public static string WithinThePlane(Random random) => random.Next(3) > 0 ? s_parts[random.Next(s_parts.Length)] : ((char)random.Next(0x20, 0xD800)).ToString();
}
