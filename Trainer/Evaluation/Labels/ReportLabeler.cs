using System.Text.RegularExpressions;

namespace HSENet.Trainer.Evaluation.Labels;

/// <summary>
/// Reads the 18 CT-RATE labels (and pneumothorax) off a report by rules: sentences, then clauses; a clause affirms what it speaks of unless it is
/// negated; an uncertain one counts as affirmed. The idea is that of NegEx (Chapman et al. 2001), the rules are our own.
/// </summary>
internal static partial class ReportLabeler
{
    public static IReadOnlyList<LabelMention> Mentions(string report)
    {
        var mentions = new List<LabelMention>();
        foreach (var clause in Clauses(report))
        {
            var certainty = CertaintyOf(clause);
            mentions.AddRange(LabelRules.All.Where(rule => rule.Mentions(clause)).Select(rule => new LabelMention(rule.Label, certainty, SideOf(clause), clause)));
        }

        return mentions;
    }

    /// <summary>The labels that at least one clause affirms.</summary>
    public static IReadOnlySet<string> Labels(string report) =>
        Mentions(report).Where(mention => mention.Certainty != Certainty.Absent).Select(mention => mention.Label).ToHashSet(StringComparer.Ordinal);

    /// <summary>1 where the report has the label, in the order of <paramref name="labels"/>.</summary>
    public static bool[] Vector(string report, IReadOnlyList<string> labels)
    {
        var found = Labels(report);
        return [.. labels.Select(found.Contains)];
    }

    /// <summary>All sides that affirmed clauses name for a label.</summary>
    public static Side Sides(IEnumerable<LabelMention> mentions, string label) =>
        mentions.Where(mention => mention.Label == label && mention.Certainty != Certainty.Absent).Aggregate(Side.None, (side, mention) => side | mention.Side);

    public static Side SideOf(string clause) =>
        BothSides().IsMatch(clause)
            ? Side.Both
            : (RightSide().IsMatch(clause) ? Side.Right : Side.None) | (LeftSide().IsMatch(clause) ? Side.Left : Side.None);

    private static IEnumerable<string> Clauses(string report) =>
        SentenceEnd().Split(report).SelectMany(sentence => ClauseEnd().Split(sentence)).Select(clause => clause.Trim()).Where(clause => clause.Length > 0);

    private static Certainty CertaintyOf(string clause) =>
        Negation().IsMatch(Harmless().Replace(clause, " ")) ? Certainty.Absent : Doubt().IsMatch(clause) ? Certainty.Uncertain : Certainty.Present;

    /// <summary>A full stop inside a number ends nothing.</summary>
    [GeneratedRegex(@"(?<!\d)\.|\.(?!\d)|[!?;\r\n""“”]")]
    private static partial Regex SentenceEnd();

    [GeneratedRegex(@"\b(?:but|however|although|except|apart from|other than|while|whereas)\b", RegexOptions.IgnoreCase)]
    private static partial Regex ClauseEnd();

    /// <summary>Holds a negation word and negates no finding.</summary>
    [GeneratedRegex(
        @"\bno (?:significant |obvious |marked )?(?:interval )?change|\b(?:can ?not|could not|can't|not) (?:be )?(?:entirely |completely )?(?:excluded|ruled out)|\bnon-?\w*|\b(?:no|without|not?) (?:iv |intravenous )?contrast"
        + @"|\bno longer\b(?= than)|\b(?:that |which )?(?:did|do|does|has|have) not reach(?:ed)? (?:the )?pathological (?:size|dimension)s?",
        RegexOptions.IgnoreCase)]
    private static partial Regex Harmless();

    [GeneratedRegex(
        @"\b(?:no|not|without|free of|absence of|absent|neither|nor|none|cannot|denies|negative for|within normal limits|normal limits|resolved|disappeared|excluded|ruled out)\b|n't\b",
        RegexOptions.IgnoreCase)]
    private static partial Regex Negation();

    [GeneratedRegex(
        @"\b(?:possib\w+|probab\w+|suspicio\w+|suspect\w*|suggest\w*|likely|may|might|could|questionable|doubtful|cannot be excluded|not excluded|not be (?:excluded|ruled out))\b",
        RegexOptions.IgnoreCase)]
    private static partial Regex Doubt();

    [GeneratedRegex(@"\b(?:both|bilateral\w*|on either side)\b", RegexOptions.IgnoreCase)]
    private static partial Regex BothSides();

    [GeneratedRegex(@"\bright(?:-sided)?\b", RegexOptions.IgnoreCase)]
    private static partial Regex RightSide();

    [GeneratedRegex(@"\bleft(?:-sided)?\b", RegexOptions.IgnoreCase)]
    private static partial Regex LeftSide();
}
