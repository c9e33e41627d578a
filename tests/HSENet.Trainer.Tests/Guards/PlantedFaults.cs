using System.Globalization;
using System.Text.RegularExpressions;
using HSENet.Model;
using HSENet.Model.Generation.Guards;

namespace HSENet.Trainer.Tests.Guards;

/// <summary>Puts one fault into a sound report. Null: this report has no place for it.</summary>
internal sealed class PlantedFaults(ReportWording words)
{
    public static IReadOnlyList<FinishReason> Kinds { get; } = [FinishReason.Unfinished, FinishReason.Duplicate, FinishReason.Contradiction, FinishReason.Implausible];

    /// <param name="fault">What to plant.</param>
    /// <param name="report">Sound.</param>
    /// <param name="style">Of the report.</param>
    /// <param name="random">Chooses place and form.</param>
    public (string Findings, string Impression)? Plant(FinishReason fault, WrittenReport report, int style, Random random) => fault switch
    {
        FinishReason.Unfinished => Unfinished(report, random),
        FinishReason.Duplicate => Duplicate(report, style, random),
        FinishReason.Contradiction => Contradiction(report, random),
        _ => Implausible(report, random),
    };

    /// <summary>A sentence of the findings ends at one of its cut marks; phantoms' sentences have none and end behind an article.</summary>
    private static (string, string)? Unfinished(WrittenReport report, Random random)
    {
        var marked = report.Findings.Select((item, index) => (Words: Marked(item.Words), index)).Where(item => item.Words.Contains('|')).ToList();
        if (marked.Count == 0)
        {
            return null;
        }

        var (said, at) = marked[random.Next(marked.Count)];
        var parts = said.Split('|');
        var cut = string.Concat(parts[..random.Next(1, parts.Length)]);
        return Changed(report, at, cut + (random.Next(2) == 0 ? "." : string.Empty));
    }

    private static string Marked(string words) => words.Contains('|') ? words : words.Replace(" the ", " the| ", StringComparison.Ordinal);

    /// <summary>The same words again at another place, or other words for the same.</summary>
    private (string, string)? Duplicate(WrittenReport report, int style, Random random)
    {
        var told = report.Findings.Where(item => item.Told is not null || (style > 2 && !item.Words.Contains("rachea", StringComparison.Ordinal) && !item.Words.Contains("airways", StringComparison.Ordinal))).ToList();
        if (told.Count == 0)
        {
            return null;
        }

        var (said, finding) = told[random.Next(told.Count)];
        var mark = said.StartsWith("- ", StringComparison.Ordinal) ? "- " : string.Empty;
        var again = finding is not null && random.Next(2) == 0 && new SoundReports(words).OtherWords(style, finding, said[mark.Length..]) is { } other ? mark + other : said;
        List<(string, DrawnFinding?)> all = [.. report.Findings];
        all.Insert(random.Next(all.Count + 1), (again, finding));
        var changed = report with { Findings = all };
        return (changed.FindingsText, changed.ImpressionText);
    }

    private (string, string)? Contradiction(WrittenReport report, Random random)
    {
        var form = random.Next(4);
        if (form == 0)   // the impression has the other side
        {
            var sided = report.Impression.Select((item, index) => (item.Words, item.Told, index))
                .Where(item => item.Told is not null && Regex.IsMatch(item.Words, @"\b(left|right)\b", RegexOptions.IgnoreCase)).ToList();
            if (sided.Count == 0)
            {
                return null;
            }

            var (said, finding, at) = sided[random.Next(sided.Count)];
            List<(string, DrawnFinding?)> impression = [.. report.Impression];
            impression[at] = (Regex.Replace(said, @"\b(left|right)\b", match => match.Value[0] is 'l' or 'r' ? Other(match.Value) : Capital(Other(match.Value.ToLowerInvariant())), RegexOptions.IgnoreCase), finding);
            return (report.FindingsText, (report with { Impression = impression }).ImpressionText);
        }

        if (form == 1)   // a lobe in the other lung
        {
            var places = report.Findings.Select((item, index) => (item.Words, index)).Where(item => Regex.IsMatch(item.Words, @"\b(left|right)\|? (upper|middle|lower)\|? lobe\b(?! lobe)", RegexOptions.IgnoreCase)).ToList();
            if (places.Count == 0)
            {
                return null;
            }

            var (said, at) = places[random.Next(places.Count)];
            return Changed(report, at, Regex.Replace(said, @"\b(left|right)\|? (upper|middle|lower)\|? lobe\b", match =>
                $"{match.Value} of the {Other(match.Groups[1].Value.ToLowerInvariant())} lung", RegexOptions.IgnoreCase));
        }

        if (form == 2)
        {
            return KnownOnOtherSide(report, random);
        }

        // denied in words of the other kind of report
        var told = report.Findings.Where(item => item.Told is { Kind: FindingKind.PleuralEffusion or FindingKind.Pneumothorax or FindingKind.Consolidation or FindingKind.Atelectasis
            or FindingKind.PericardialEffusion or FindingKind.HiatalHernia or FindingKind.Cardiomegaly }).ToList();
        if (told.Count == 0)
        {
            return null;
        }

        var denied = told[random.Next(told.Count)].Told!;
        var (prose, list) = words.Absent[denied.Kind];
        var sentence = report.Lines && random.Next(2) == 0 ? list[random.Next(list.Length)] : prose[random.Next(prose.Length)];
        List<(string, DrawnFinding?)> all = [.. report.Findings];
        all.Insert(random.Next(all.Count + 1), (sentence, null));
        var changed = report with { Findings = all };
        return (changed.FindingsText, changed.ImpressionText);
    }

    /// <summary>The findings speak again of what they told, with the other side.</summary>
    private (string, string)? KnownOnOtherSide(WrittenReport report, Random random)
    {
        List<(string Words, DrawnFinding? Told)> all = [.. report.Findings];
        var told = all.FindAll(item => item.Told is not null && LaterMention.Of(item.Told, words, random) is not null);
        if (told.Count == 0)
        {
            return null;
        }

        var finding = told[random.Next(told.Count)].Told!;
        var other = finding with { Side = Other(finding.Side), Lobe = finding.Lobe == "middle" ? "lower" : finding.Lobe };
        var mark = all[0].Words.StartsWith("- ", StringComparison.Ordinal) ? "- " : string.Empty;
        all.Insert(random.Next(all.FindIndex(item => item.Told == finding) + 1, all.Count + 1), (mark + LaterMention.Of(other, words, random), null));
        var changed = report with { Findings = all };
        return (changed.FindingsText, changed.ImpressionText);
    }

    /// <summary>A nodule, a lymph node or another finding of a size that it cannot have.</summary>
    private static (string, string)? Implausible(WrittenReport report, Random random)
    {
        var sized = report.Findings.Select((item, index) => (Words: item.Words.Replace("|", string.Empty, StringComparison.Ordinal), item.Told, index))
            .Where(item => Regex.IsMatch(item.Words, @"\d mm|\d cm") && (item.Told is { Kind: FindingKind.Nodule or FindingKind.Lymphadenopathy or FindingKind.HiatalHernia or FindingKind.PericardialEffusion }
                || (item.Told is null && Regex.IsMatch(item.Words, @"\bnodule\b") && !item.Words.Contains("hyroid", StringComparison.Ordinal)))).ToList();
        if (sized.Count == 0)
        {
            return null;
        }

        var (said, told, at) = sized[random.Next(sized.Count)];
        var size = told?.Kind switch { FindingKind.Lymphadenopathy => random.Next(110, 400), FindingKind.HiatalHernia => random.Next(250, 900), FindingKind.PericardialEffusion => random.Next(90, 400), _ => random.Next(31, 200) };
        return Changed(report, at, Regex.Replace(said, @"\d+(\.\d+)? (mm|cm)", match =>
            match.Groups[2].Value == "mm" ? $"{size} mm" : (size / 10.0).ToString("0.0", CultureInfo.InvariantCulture) + " cm"));
    }

    private static (string, string) Changed(WrittenReport report, int at, string words)
    {
        List<(string Words, DrawnFinding? Told)> all = [.. report.Findings];
        all[at] = (words, all[at].Told);
        var changed = report with { Findings = all };
        return (changed.FindingsText, changed.ImpressionText);
    }

    private static string Other(string side) => side == "left" ? "right" : "left";

    private static string Capital(string word) => char.ToUpperInvariant(word[0]) + word[1..];
}
