namespace HSENet.Model.Generation.Guards;

/// <summary>Finds a section that tells the same finding twice: the same sentence, or the same of the same in other words.</summary>
internal static class RepeatedFinding
{
    public static bool IsIn(IReadOnlyList<ReportSentence> section)
    {
        for (var i = 0; i < section.Count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                if (IsSame(section[j], section[i]))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static bool IsSame(ReportSentence first, ReportSentence second)
    {
        if (first.Mentions.Count == 0 || second.Mentions.Count == 0)
        {
            return false;
        }

        return first.Plain == second.Plain
            || (first.Mentions.Count == second.Mentions.Count
                && first.Mentions.Zip(second.Mentions).All(pair => IsSame(pair.First, pair.Second)))
            || first.Mentions.Any(one => second.Mentions.Any(other => IsSecondOfOne(one, other)));
    }

    /// <summary>A size and a place tell a finding from others of its kind; without them everything that is said must be the same.</summary>
    private static bool IsSame(FindingMention first, FindingMention second) =>
        first.Kind == second.Kind && first.IsDenied == second.IsDenied && first.Side == second.Side && first.Place == second.Place
        && first.OrganThatMatters == second.OrganThatMatters && first.SizesMm.SequenceEqual(second.SizesMm)
        && !first.IsOneMore && !second.IsOneMore
        && first.IsPlain == second.IsPlain
        && (first.Rest == second.Rest
            || (first.SizesMm.Count > 0 && first.HasOneSide && first.Place.Length > 0 && !(HasNumber(first) && HasNumber(second))));

    /// <summary>What a patient has once, or once on a side, is introduced twice.</summary>
    private static bool IsSecondOfOne(FindingMention first, FindingMention second) =>
        first.Kind == second.Kind && first is { IsDenied: false, IsPlain: true, IsKnown: false }
        && second is { IsDenied: false, IsPlain: true, IsKnown: false }
        && first.Side == second.Side
        && (first.Kind is FindingKind.Cardiomegaly or FindingKind.HiatalHernia or FindingKind.PericardialEffusion
            || (first.Kind is FindingKind.PleuralEffusion or FindingKind.Pneumothorax && first.Side.Length > 0));

    /// <summary>An image or series number tells which of several is meant.</summary>
    private static bool HasNumber(FindingMention mention) => mention.Rest.Any(char.IsAsciiDigit);
}
