using System.Text.RegularExpressions;

namespace HSENet.Model.Generation.Guards;

/// <summary>A sentence of a report, or a line of it without a full stop.</summary>
/// <param name="Text">Trimmed, with what ends it.</param>
internal sealed partial record ReportSentence(string Text)
{
    /// <summary>Lower case, white space and dashes made one, nothing at the end.</summary>
    public string Plain { get; } = Spaces.Replace(Text.ToLowerInvariant(), " ").Replace('–', '-').TrimEnd('.', ' ', ';', '!', '?');

    public IReadOnlyList<FindingMention> Mentions => field ??= MentionReader.Read(Plain);

    public static IReadOnlyList<ReportSentence> Split(string section) =>
        [.. Ends.Split(section).Select(part => part.Trim().TrimStart('-', '*', '•').TrimStart())
            .Where(part => part.Length > 0).Select(part => new ReportSentence(part))];

    /// <summary>After a full stop, unless it belongs to an abbreviation or a number; at a semicolon's place a sentence goes on.</summary>
    [GeneratedRegex(@"(?<=[.!?])(?<!\b(?:approx|ca|e\.g|i\.e|vs|cf|dr|no|fig|im|ser|incl|resp|max|min"
        + @"|diam|[A-Z])\.)\s+(?=\S)|\s*\n\s*|(?<=^|\n)\s*\d{1,2}[.)]\s+", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Ends { get; }

    [GeneratedRegex(@"\s+", RegexOptions.CultureInvariant)]
    private static partial Regex Spaces { get; }
}
