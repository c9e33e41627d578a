using System.Text.RegularExpressions;

namespace HSENet.Model.Generation.Guards;

/// <summary>
/// Finds sides that cannot be, of anatomy, within a sentence, between two of them, between findings and impression; and what is told and denied.
/// </summary>
internal static partial class ContradictedFinding
{
    public static bool IsIn(IReadOnlyList<ReportSentence> findings, IReadOnlyList<ReportSentence> impression)
    {
        IReadOnlyList<ReportSentence> all = [.. findings, .. impression];
        return all.Any(sentence => ImpossiblePlace.IsMatch(sentence.Plain) || HasTwoSides(sentence))
            || IsToldAndDenied(all) || HasOtherSide(findings, impression) || IsKnownOnOtherSide(all) || LiesOnOtherSide(all);
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

    /// <summary>"The nodule in the left upper lobe", where each one that was told before is on the right.</summary>
    private static bool IsKnownOnOtherSide(IReadOnlyList<ReportSentence> sentences)
    {
        var told = new List<FindingMention>();
        foreach (var mention in sentences.SelectMany(sentence => sentence.Mentions).Where(mention => !mention.IsDenied))
        {
            if (mention is { IsPlain: true, IsOneMore: false, KnownSide.Length: > 0 }
                && IsOnlyOnOtherSide(told.FindAll(other => other.Kind == mention.Kind), mention))
            {
                return true;
            }

            told.Add(mention);
        }

        return false;
    }

    /// <summary>An organ of the later sentence may be what the finding touches; one of an earlier sentence may be another finding's.</summary>
    private static bool IsOnlyOnOtherSide(List<FindingMention> told, FindingMention known) =>
        told.FindAll(other => other.OrganThatMatters.Length == 0 || other.OrganThatMatters == known.OrganThatMatters) is { Count: > 0 } same
            && same.TrueForAll(other => other.HasOneSide && other.Side != known.KnownSide)
            && !told.Exists(other => other.Side == known.KnownSide || other.Side == "both");

    /// <summary>"It lies in the left upper lobe", of the one finding of the sentence before, which is on the right.</summary>
    private static bool LiesOnOtherSide(IReadOnlyList<ReportSentence> sentences) => sentences.Skip(1).Zip(sentences)
        .Any(pair => pair.First.Mentions.Count == 0 && ItLies.Match(pair.First.Plain) is { Success: true } it
            && pair.Second.Mentions is [{ IsDenied: false, HasOneSide: true } only] && only.Side != it.Groups["side"].Value);

    [GeneratedRegex(@"^it (?:is|lies|sits) (?:seen |located |situated |found )?(?:in|on|within) the (?<side>left|right)(?: (?:upper|middle|lower) lobe| lung| side|$)"
        + @"(?!.*\b(?:left|right)\b)", RegexOptions.CultureInvariant)]
    private static partial Regex ItLies { get; }

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
