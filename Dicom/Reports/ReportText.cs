using System.Globalization;
using System.Text;

namespace HSENet.Dicom.Reports;

/// <summary>Makes text fit for UT (PS3.5 6.2): CR LF line breaks, no control characters, no broken surrogates, no endless lines or blank ones.</summary>
internal static class ReportText
{
    public const string LineBreak = "\r\n";

    /// <summary>A line is broken before this many characters: some viewers cut or choke on longer ones.</summary>
    private const int LongestLine = 1000;

    /// <returns>The text, or an empty one when nothing visible is in it.</returns>
    public static string Normalise(string text)
    {
        var lines = new List<string>();
        foreach (var line in Visible(text).Split('\n'))
        {
            var trimmed = line.TrimEnd();
            if (trimmed.Length > 0 || (lines.Count > 0 && lines[^1].Length > 0))
                lines.AddRange(Wrap(trimmed));
        }

        while (lines.Count > 0 && lines[^1].Length == 0)
            lines.RemoveAt(lines.Count - 1);

        return string.Join(LineBreak, lines);
    }

    /// <summary>One line for LO, ST and the like. What is too long ends after a word, and "..." tells so; one word that is too long by itself is cut.</summary>
    public static string OneLine(string text, int longest)
    {
        const string More = "...";
        var line = Visible(text).Replace('\n', ' ').Replace('\\', '/').Trim();
        if (line.Length <= longest)
            return line;

        var room = longest - More.Length;
        var space = room > 0 ? line.LastIndexOf(' ', room) : -1;
        return space > 0
            ? line[..space].TrimEnd(' ', ',', ';', ':') + More
            : line[..(char.IsHighSurrogate(line[longest - 1]) ? longest - 1 : longest)].TrimEnd();
    }

    private static string Visible(string text)
    {
        var visible = new StringBuilder(text.Length);
        foreach (var rune in text.Replace("\r\n", "\n", StringComparison.Ordinal).EnumerateRunes())
        {
            if (rune.Value is '\n' or '\r' or 0x0B or 0x0C or 0x85 or 0x2028 or 0x2029)
                visible.Append('\n');
            else if (rune.Value == '\t')
                visible.Append(' ');
            else if (Rune.GetUnicodeCategory(rune) is not UnicodeCategory.Control && rune.Value != 0xFEFF)
                visible.Append(rune.ToString());
        }

        return visible.ToString();
    }

    private static IEnumerable<string> Wrap(string line)
    {
        while (line.Length > LongestLine)
        {
            var space = line.LastIndexOf(' ', LongestLine);
            var end = space > 0 ? space : char.IsHighSurrogate(line[LongestLine - 1]) ? LongestLine - 1 : LongestLine;
            yield return line[..end].TrimEnd();
            line = line[end..].TrimStart();
        }

        yield return line;
    }
}
