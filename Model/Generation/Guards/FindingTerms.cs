using System.Text.RegularExpressions;

namespace HSENet.Model.Generation.Guards;

/// <summary>The words by which reports name findings. English, as the model writes it.</summary>
internal static class FindingTerms
{
    private static readonly (FindingKind Kind, Regex Words)[] s_terms =
    [
        Term(FindingKind.PericardialEffusion, @"pericardial(?: (?:or|and|nor) pleural)? (?:effusions?"
        + @"|fluid)|pleural (?:or|and|nor) pericardial effusions?"
            + @"|(?<=\bpericardi(?:um|al)\b.*)(?<!pleural )effusions?"),
        Term(FindingKind.PleuralEffusion, @"pleural(?: (?:or|and|nor) pericardial)? (?:effusions?|fluid)"
        + @"|pericardial (?:or|and|nor) pleural effusions?|hydrothorax"
            + @"|fluid (?:layers )?in the (?:left |right )?pleural (?:space|cavity)|pleural (?:spaces?"
        + @"|cavit(?:y|ies)) (?:is|are) (?:free of|clear of|without) fluid|(?<!pericardial )effusions?"),
        Term(FindingKind.Nodule, @"(?:micro)?nodules?|nodular (?:lesions?|opacit(?:y|ies)|focus|foci)"),
        Term(FindingKind.Mass, @"mass(?:es)?|tumou?rs?"),
        Term(FindingKind.Pneumothorax, @"(?:hydro)?pneumothora(?:x|ces)"),
        Term(FindingKind.Consolidation, @"consolidations?|consolidative|airspace (?:opacit(?:y|ies)|disease)"),
        Term(FindingKind.GroundGlass, @"ground[- ]glass(?: opacit(?:y|ies)| density| densities| attenuation| changes| infiltrates?)?"),
        Term(FindingKind.Atelectasis, @"atelecta(?:sis|ses|tic)"),
        Term(FindingKind.Emphysema, @"emphysema|emphysematous"),
        Term(FindingKind.Cardiomegaly, @"cardiomegaly|cardiac enlargement|enlarge(?:d|ment of the) (?:heart"
        + @"|cardiac silhouette)|(?:heart|cardiac silhouette)(?: is| appears)?"
            + @"(?: not| mildly| moderately| markedly)? enlarged|heart size is (?:mildly |moderately "
        + @"|markedly )?increased|cardiothoracic (?:ratio|index) is increased"
            + @"|(?:heart|cardiac) size(?: is| appears)?(?: within)? normal|heart(?: is| appears)? (?:normal in size"
        + @"|of normal size)|normal (?:heart|cardiac) size"),
        Term(FindingKind.Lymphadenopathy, @"lymphadenopath(?:y|ies)|enlarged(?: [a-z]+){0,3} (?:lymph )?nodes?"
        + @"|(?:lymph )?nodes? (?:is|are) enlarged"
            + @"|lymph nodes?(?: (?:is|are|was|were) (?:not )?enlarged)?"),
        Term(FindingKind.HiatalHernia, @"hiatal hernias?|hiatus hernias?"),
        Term(FindingKind.Calcification, @"calcifi(?:cations?|ed)"),
        Term(FindingKind.Bronchiectasis, @"bronchiecta(?:sis|ses|tic)"),
        Term(FindingKind.Fracture, @"fractures?"),
        Term(FindingKind.Fibrosis, @"fibrosis|fibrotic|honeycombing"),
        Term(FindingKind.Thickening, @"thickening"),
        Term(FindingKind.Embolism, @"embol(?:i|ism|us)|filling defects?"),
        Term(FindingKind.Cyst, @"cysts?|cystic"),
        Term(FindingKind.Aneurysm, @"aneurysms?|aneurysmal"),
        Term(FindingKind.Aorta, @"(?:ascending|descending|thoracic) aorta|aortic (?:arch|root)"),
        Term(FindingKind.PulmonaryArtery, @"pulmonary (?:trunk|artery|arteries)"),
    ];

    /// <param name="text">Lower case.</param>
    /// <returns>In the order of the text; where two overlap, the one that says more.</returns>
    public static IReadOnlyList<(FindingKind Kind, int Start, int End)> In(string text)
    {
        var found = new List<(FindingKind Kind, int Start, int End)>();
        foreach (var (kind, words) in s_terms)
        {
            foreach (Match match in words.Matches(text))
            {
                // an effusion beside the heart is two findings where both are named, else the first rule that fits
                var isBoth = kind == FindingKind.PleuralEffusion && match.Value.Contains("pleural", StringComparison.Ordinal);
                if (isBoth || !found.Exists(other => other.Start < match.Index + match.Length && match.Index < other.End))
                {
                    found.Add((kind, match.Index, match.Index + match.Length));
                }
            }
        }

        found.Sort((a, b) => a.Start.CompareTo(b.Start));
        return found;
    }

    private static (FindingKind Kind, Regex Words) Term(FindingKind kind, string words) =>
        (kind, new Regex($@"\b(?:{words})\b", RegexOptions.CultureInvariant | RegexOptions.Compiled));
}
