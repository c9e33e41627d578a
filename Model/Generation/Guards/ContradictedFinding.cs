using System.Text.RegularExpressions;

namespace HSENet.Model.Generation.Guards;

/// <summary>
/// Finds sides that cannot be, of anatomy, within a sentence, between findings and impression; and what is told and denied.
/// </summary>
internal static partial class ContradictedFinding
{
    public static bool IsIn(IReadOnlyList<ReportSentence> findings, IReadOnlyList<ReportSentence> impression)
    {
        IReadOnlyList<ReportSentence> all = [.. findings, .. impression];
        return all.Any(sentence => ImpossiblePlace.IsMatch(sentence.Plain) || HasTwoSides(sentence))
            || IsToldAndDenied(all) || HasOtherSide(findings, impression);
    }

    /// <summary>"A left pleural effusion is seen on the right", with one finding and no conjunction between the sides.</summary>
    private static bool HasTwoSides(ReportSentence sentence) => sentence.Mentions.Count == 1
        && (OneThenOther.Match(sentence.Plain) is { Success: true } match && match.Groups["first"].Value != match.Groups["second"].Value);

    private static bool IsToldAndDenied(IReadOnlyList<ReportSentence> sentences)
    {
        var mentions = sentences.SelectMany(sentence => sentence.Mentions)
            .Where(mention => mention.IsPlain && mention.Kind is not (FindingKind.Aorta or FindingKind.PulmonaryArtery)).ToList();
        return mentions.Where(mention => mention.IsDenied).Any(denied => mentions.Exists(told => !told.IsDenied && Covers(denied, told)));
    }

    private static bool Covers(FindingMention denied, FindingMention told) =>
        denied.Kind == told.Kind && (denied.Side is "" or "both" || denied.Side == told.Side)
        && (denied.Place.Length == 0 || denied.Place == told.Place)
        && (denied.OrganThatMatters == told.OrganThatMatters || (denied.Kind == FindingKind.Lymphadenopathy && denied.Organ.Length == 0));

    /// <summary>The impression gives a finding a side that the findings, which give it one, do not.</summary>
    private static bool HasOtherSide(IReadOnlyList<ReportSentence> findings, IReadOnlyList<ReportSentence> impression)
    {
        var told = findings.SelectMany(sentence => sentence.Mentions).Where(mention => !mention.IsDenied)
            .ToLookup(mention => (mention.Kind, mention.OrganThatMatters));
        return impression.SelectMany(sentence => sentence.Mentions).Where(mention => mention is { IsDenied: false, HasOneSide: true })
            .Any(mention => told[(mention.Kind, mention.OrganThatMatters)].ToList() is { Count: > 0 } same
                && same.TrueForAll(other => other.HasOneSide && other.Side != mention.Side));
    }

    /// <summary>The left lung has no middle lobe, the right one no lingula; a lobe is not in the other lung.</summary>
    [GeneratedRegex(@"\bleft middle lobe|\bright lingula|\blingula of the right|\bright (?:upper|middle"
        + @"|lower) lobe of the left|\bleft (?:upper|lower) lobe of the right|\bmiddle lobe of the left"
        + @"|\bleft right\b|\bright left\b", RegexOptions.CultureInvariant)]
    private static partial Regex ImpossiblePlace { get; }

    [GeneratedRegex(@"\b(?<first>left|right)\b(?:(?!\b(?:and|or|than|to|from|of|toward|towards|as|more"
        + @"|less|compared|left|right|extending|predominan\w+|both|bilateral)\b|[,;:(]).)*\b(?:in|on"
        + @"|at) the (?<second>left|right)\b", RegexOptions.CultureInvariant)]
    private static partial Regex OneThenOther { get; }
}
