using System.Globalization;
using System.Text;

namespace HSENet.Model.Text;

/// <summary>
/// Canonical decomposition without nonspacing marks (NFD, then everything of category Mn dropped). A table of our own: .NET's
/// <c>Normalize</c> leaves all text as it is under invariant globalisation.
/// </summary>
internal static class AccentStripping
{
    private const int HangulFirst = 0xAC00;
    private const int HangulLast = 0xD7A3;
    private const int LeadFirst = 0x1100;
    private const int VowelFirst = 0x1161;
    private const int TailBefore = 0x11A7;
    private const int Vowels = 21;
    private const int Tails = 28;

    private static readonly Dictionary<int, string> s_decompositions = Read();

    /// <summary>Appends what is left of a character.</summary>
    public static void Append(Rune rune, StringBuilder text)
    {
        if (rune.Value is >= HangulFirst and <= HangulLast)
        {
            var index = rune.Value - HangulFirst;
            text.Append((char)(LeadFirst + (index / (Vowels * Tails)))).Append((char)(VowelFirst + (index / Tails % Vowels)));
            if (index % Tails > 0)
            {
                text.Append((char)(TailBefore + (index % Tails)));
            }
        }
        else if (rune.Value >= 128 && s_decompositions.TryGetValue(rune.Value, out var decomposed))
        {
            text.Append(decomposed);
        }
        else if (Rune.GetUnicodeCategory(rune) != UnicodeCategory.NonSpacingMark)
        {
            text.Append(rune);
        }
    }

    private static Dictionary<int, string> Read()
    {
        var table = new Dictionary<int, string>();
        using var reader = new StreamReader(typeof(AccentStripping).Assembly.GetManifestResourceStream("HSENet.Model.Text.Decompositions.txt")!);
        while (reader.ReadLine() is { } line)
        {
            if (!line.StartsWith('#'))
            {
                var fields = line.Split(' ').Select(field => int.Parse(field, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToList();
                table.Add(fields[0], string.Concat(fields.Skip(1).Select(char.ConvertFromUtf32)));
            }
        }

        return table;
    }
}
