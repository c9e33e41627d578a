using System.Globalization;
using System.Text.RegularExpressions;

namespace HSENet.Model.Generation.Guards;

/// <summary>
/// Reads what a sentence says of findings: a small grammar of clauses, sides, places, sizes and denials. What it does not understand it
/// leaves out; no guard speaks without two statements that it has read.
/// </summary>
internal static partial class MentionReader
{
    /// <param name="sentence">As <see cref="ReportSentence.Plain"/>.</param>
    public static IReadOnlyList<FindingMention> Read(string sentence)
    {
        var mentions = new List<FindingMention>();
        var isDenied = false;
        foreach (var (clause, isNew) in Clauses(sentence))
        {
            var terms = FindingTerms.In(clause);
            isDenied = Denial.IsMatch(clause) || (isDenied && !isNew && !Assertion.IsMatch(clause));
            var own = OwnDenial.Match(clause);
            var told = own.Success && !Denial.IsMatch(clause[..own.Index]) ? own.Index : 0;
            mentions.AddRange(terms.Select(term => Mention(clause, term, terms, isDenied && term.Start >= told)));
        }

        return mentions;
    }

    /// <summary>
    /// Parts of a sentence with a finding each, as far as its commas and conjunctions tell, and whether a part begins something new, which
    /// a denial before it does not cover. A part without a finding belongs to that before it, else to that behind it.
    /// </summary>
    private static List<(string Text, bool IsNew)> Clauses(string sentence)
    {
        var clauses = new List<(string Text, bool IsNew)>();
        var waiting = string.Empty;
        foreach (var group in Turns.Split(sentence))
        {
            var isNew = true;
            foreach (var part in Commas.Split(group))
            {
                var whole = waiting + part;
                if (FindingTerms.In(part).Count > 0)
                {
                    clauses.Add((whole, isNew));
                    (waiting, isNew) = (string.Empty, false);
                }
                else if (clauses.Count > 0)
                {
                    clauses[^1] = (clauses[^1].Text + ", " + part, clauses[^1].IsNew);
                }
                else
                {
                    waiting = whole + ", ";
                }
            }
        }

        return clauses;
    }

    private static FindingMention Mention(
        string clause,
        (FindingKind Kind, int Start, int End) term,
        IReadOnlyList<(FindingKind Kind, int Start, int End)> terms,
        bool isDenied)
    {
        var left = Left.IsMatch(clause);
        var right = Right.IsMatch(clause);
        var rest = Fillers.Replace(Sizes.Replace(clause.Remove(term.Start, term.End - term.Start), " "), " ");
        return new FindingMention(term.Kind, isDenied, isDenied ? IsPlainDenial(clause, term.Start) : IsPlainStatement(clause, term))
        {
            Side = (left && right) || Both.IsMatch(clause) ? "both" : left ? "left" : right ? "right" : string.Empty,
            Place = Joined(Places.Matches(clause)),
            Organ = Joined(Organs.Matches(clause)),
            SizesMm = [.. Sizes.Matches(clause)
                .Where(size => Nearest(size, terms) == term && !Distance.IsMatch(clause[(size.Index + size.Length)..]))
                .SelectMany(Millimetres).Order()],
            Rest = Joined(Words.Matches(rest)),
            IsOneMore = OneMore.IsMatch(clause),
            IsKnown = Known.IsMatch(clause[..term.Start]),
            KnownSide = KnownSide(clause, term),
        };
    }

    /// <summary>
    /// Of one finding alone: "the left lymph nodes" need not have been told before. A side of something else ("the nodule abuts the left
    /// atrium") is not the finding's.
    /// </summary>
    private static string KnownSide(string clause, (FindingKind Kind, int Start, int End) term)
    {
        var words = clause[term.Start..term.End];
        var before = Definite.Match(clause[..term.Start]);
        var isPlural = words.EndsWith('s') && !words.EndsWith("ss", StringComparison.Ordinal) && !words.EndsWith("is", StringComparison.Ordinal);
        if (!before.Success || isPlural || !HasSides(term.Kind))
        {
            return string.Empty;
        }

        return before.Groups["side"] is { Success: true } side ? side.Value : AtSide.Match(clause[term.End..]).Groups["side"].Value;
    }

    /// <summary>Found in one lung or on one side, and told as one thing.</summary>
    private static bool HasSides(FindingKind kind) => kind is FindingKind.Nodule or FindingKind.Mass or FindingKind.PleuralEffusion
        or FindingKind.Pneumothorax or FindingKind.Consolidation or FindingKind.GroundGlass or FindingKind.Atelectasis or FindingKind.Cyst;

    private static bool IsPlainDenial(string clause, int start)
    {
        var before = clause[..start];
        var between = DenialWords.Matches(before).LastOrDefault() is { } last ? before[(last.Index + last.Length)..] : before;
        return !Elsewhere.IsMatch(clause) && !Sizes.IsMatch(clause) && !Letters.IsMatch(LimitsNothing.Replace(between, " "));
    }

    /// <summary>Lymph nodes that are not called enlarged are no finding.</summary>
    private static bool IsPlainStatement(string clause, (FindingKind Kind, int Start, int End) term) => !Doubt.IsMatch(clause)
        && (term.Kind != FindingKind.Lymphadenopathy || clause[term.Start..term.End] is var words
            && (words.Contains("enlarged", StringComparison.Ordinal)
            || words.Contains("adenopath", StringComparison.Ordinal)));

    private static string Joined(MatchCollection matches) =>
        string.Join(' ', matches.Select(match => match.Value).Distinct().Order(StringComparer.Ordinal));

    private static (FindingKind Kind, int Start, int End) Nearest(
        Match size, IReadOnlyList<(FindingKind Kind, int Start, int End)> terms) =>
        terms.MinBy(term => term.Start >= size.Index + size.Length ? term.Start - size.Index - size.Length : Math.Max(0, size.Index - term.End));

    private static IEnumerable<double> Millimetres(Match size) => Number.Matches(size.Value)
        .Select(number => double.Parse(number.Value.Replace(',', '.'), CultureInfo.InvariantCulture) * (size.Groups["cm"].Success ? 10 : 1));

    [GeneratedRegex(@"\s*;\s*|\s+(?:but|while|whereas|however)\s+|\s+and\s+(?=(?:an?|another|there|small"
        + @"|mild|multiple|one)\b)|\s+with\s+(?=(?:an?|no|associated|adjacent)\b)|\s+(?=without\b)", RegexOptions.CultureInvariant)]
    private static partial Regex Turns { get; }

    [GeneratedRegex(@",(?!\d)\s*", RegexOptions.CultureInvariant)]
    private static partial Regex Commas { get; }

    [GeneratedRegex(@"\b(?:no|none|without|neither|nor|not|free of|free from|absence of|absent|negative for"
        + @"|clear of|ruled out|normal in size|of normal size|within normal|size is normal|unremarkable"
        + @"|normal size|normal (?:heart|cardiac) size|not enlarged)\b|: no\b|size(?: is| appears)? normal", RegexOptions.CultureInvariant)]
    private static partial Regex Denial { get; }

    /// <summary>Denies what the finding before it has, not the finding: "the effusion has no septa".</summary>
    [GeneratedRegex(@"\b(?:has|have|had|shows?|contains?|demonstrates?) no\b", RegexOptions.CultureInvariant)]
    private static partial Regex OwnDenial { get; }

    /// <summary>Ends what a denial before it covers.</summary>
    [GeneratedRegex(@"\b(?:there (?:is|are)|(?:is|are) (?:seen|present|noted|visible|identified)|shows?"
        + @"|demonstrates?)\b", RegexOptions.CultureInvariant)]
    private static partial Regex Assertion { get; }

    /// <summary>Denied of a part only, of something new, or as before.</summary>
    [GeneratedRegex(@"\b(?:elsewhere|otherwise|remaining|remainder|rest|other|further|additional|new"
        + @"|previously|longer|interval|change[ds]?|changed|progress(?:ion|ive)|increase|growth|contralateral"
        + @"|opposite|definite(?:ly)?|certain(?:ly)?|only|larger|greater|exceeding|than|suspicious|significant"
        + @"|sizable|measurable)\b", RegexOptions.CultureInvariant)]
    private static partial Regex Elsewhere { get; }

    [GeneratedRegex(@"\b(?:no|not|without|free of|free from|absence of|neither|nor|negative for)\b", RegexOptions.CultureInvariant)]
    private static partial Regex DenialWords { get; }

    /// <summary>
    /// Between a denial and its finding: words that make it no smaller. Others do: "no large effusion" denies large ones.
    /// </summary>
    [GeneratedRegex(@"\b(?:evidence|signs?|of|any|an?|the|or|and|is|are|was|were|in|on|for|left|right"
        + @"|both|either|bilateral|sided|side|pleural|pericardial|pulmonary|lungs?|focal|mediastinal"
        + @"|hilar|axillary|visible|seen|there|spaces?|holds?|effusions?|pneumothorax|consolidations?"
        + @"|nodules?|mass(?:es)?|atelectasis|emphysema|lymphadenopathy|ground-glass|opacit(?:y|ies)"
        + @"|enlarged|lymph|upper|lower|middle|lobes?|hemithorax|aorta|aortic|wall|coronary|heart|size"
        + @"|cardiac|airspace|lobar|parenchymal|thoracic|apical|free|fluid|air)\b", RegexOptions.CultureInvariant)]
    private static partial Regex LimitsNothing { get; }

    [GeneratedRegex(@"[a-z]{2,}", RegexOptions.CultureInvariant)]
    private static partial Regex Letters { get; }

    [GeneratedRegex(@"\b(?:possibl[ey]|probabl[ey]|questionable|suspected|suspicious|suspicion|versus"
        + @"|vs|cannot be|may|might|could|resolved|resolution|regressed|previous(?:ly)?|prior|former"
        + @"|history|status post|differential|exclude|rule out|recommended|follow-up|if|compared|unchanged"
        + @"|stable)\b", RegexOptions.CultureInvariant)]
    private static partial Regex Doubt { get; }

    [GeneratedRegex(@"(?<![\d.,])\d+(?:[.,]\d+)?(?:\s*(?:x|×|by|-|to)\s*\d+(?:[.,]\d+)?){0,2}[\s-]*(?:mm"
        + @"|millimet(?:er|re)s?|(?<cm>cm|centimet(?:er|re)s?))\b", RegexOptions.CultureInvariant)]
    private static partial Regex Sizes { get; }

    [GeneratedRegex(@"\d+(?:[.,]\d+)?", RegexOptions.CultureInvariant)]
    private static partial Regex Number { get; }

    /// <summary>The number before it is how far something lies from something else.</summary>
    [GeneratedRegex(@"^\s*(?:from|above|below|proximal|distal|away|deep|cranial|caudal|cephalad|superior to"
        + @"|inferior to|anterior to|posterior to|lateral to|medial to|thick|slices?|sections?|apart)\b", RegexOptions.CultureInvariant)]
    private static partial Regex Distance { get; }

    [GeneratedRegex(@"\bleft\b|\blingula", RegexOptions.CultureInvariant)]
    private static partial Regex Left { get; }

    [GeneratedRegex(@"\bright\b", RegexOptions.CultureInvariant)]
    private static partial Regex Right { get; }

    [GeneratedRegex(@"\b(?:bilateral(?:ly)?|both|either|each)\b", RegexOptions.CultureInvariant)]
    private static partial Regex Both { get; }

    [GeneratedRegex(@"\b(?:upper|middle|lower) (?:lobes?|zones?)\b|\blingula\b|\b(?:apical|apex|apices"
        + @"|basal|bases?|posterior|anterior|lateral|medial|superior|segment|subpleural|perihilar|peripheral"
        + @"|central|paraseptal|costophrenic)\b", RegexOptions.CultureInvariant)]
    private static partial Regex Places { get; }

    [GeneratedRegex(@"\b(?:thyroid|adrenal|liver|hepatic|kidneys?|renal|breast|spleen|splenic|pancrea(?:s"
        + @"|tic)|gallbladder|skin|subcutaneous|chest wall|rib|vertebra[el]?|vertebral|aort(?:a|ic)|coronary"
        + @"|valv(?:e|es|ular)|mitral|mediastinal|mediastinum|hilar|hilum|axillary|axilla|supraclavicular"
        + @"|retroperitoneal|abdominal|pericardial|pleural|bronchial|interlobular|septal|esophag(?:us"
        + @"|eal)|granulomas?|trachea[l]?|paratracheal|subcarinal|carinal|precarinal|cardiophrenic|prevascular"
        + @"|aortopulmonary)\b", RegexOptions.CultureInvariant)]
    private static partial Regex Organs { get; }

    /// <summary>The finding was told before: what follows says more of it.</summary>
    [GeneratedRegex(@"\b(?:the|this|that|these|those|said|its|described|aforementioned)\s+(?:[a-z-]+\s+){0,3}$", RegexOptions.CultureInvariant)]
    private static partial Regex Known { get; }

    /// <summary>A definite article, and before the finding only words that tell no second one from the first.</summary>
    [GeneratedRegex(@"(?:^|[\s,])(?:the|this|that|said)\s+(?:(?:(?<side>left|right)(?:-sided)?|upper|middle|lower|lobes?|lung|pulmonary"
        + @"|pleural|apical|basal|small|tiny|solitary|single|same|said|known|described|mentioned|aforementioned|above|above-mentioned|focal"
        + @"|\d+(?:[.,]\d+)?[\s-]?(?:mm|cm))\s+){0,6}$", RegexOptions.CultureInvariant)]
    private static partial Regex Definite { get; }

    /// <summary>Behind the finding: "in the left upper lobe", "is seen on the right".</summary>
    [GeneratedRegex(@"^,?(?:\s+(?:is|was|lies|located|situated|seen|noted|found|present|visible|described|mentioned|above|of|which"
        + @"|\d+(?:[.,]\d+)?\s?(?:mm|cm)))*\s+(?:on\s+the\s+(?<side>left|right)\b"
        + @"(?!\s+(?:atri|ventric|main|heart|hilum|hemidiaphragm|adrenal|pulmonary|subclavian|brachiocephalic|major|minor|upper|middle|lower|rib|coronary))"
        + @"|(?:in|on|within|at|of)\s+(?:the\s+)?(?<side>left|right)(?:-sided)?"
        + @"(?:\s+(?:upper|middle|lower)\s+(?:lobe|zone)|\s+(?:lung|hemithorax|side|apex|base|pleural\s+(?:space|cavity))|\s*(?:[,(]|$)"
        + @"|(?=\s+(?:is|was|has|had|measures|shows|appears|reaches|contains|extends)\b)))", RegexOptions.CultureInvariant)]
    private static partial Regex AtSide { get; }

    [GeneratedRegex(@"\b(?:another|second|third|additional|further|also|similar|other|two|three|four"
        + @"|five|six|several|multiple|few|numerous|scattered|some|more|each|again|largest|smallest|larger"
        + @"|smaller)\b", RegexOptions.CultureInvariant)]
    private static partial Regex OneMore { get; }

    [GeneratedRegex(@"\b(?:there|is|are|was|were|an?|the|in|of|on|at|with|to|and|seen|present|noted|shows?"
        + @"|show|observed|identified|visible|demonstrated|demonstrates|detected|found|measuring|measures"
        + @"|measure|area|left|right|both|bilateral|bilaterally|side|sides|sided|lobes?|lungs?|upper"
        + @"|middle|lower|no|not|evidence|up|size|diameter|its|which|solid)\b", RegexOptions.CultureInvariant)]
    private static partial Regex Fillers { get; }

    [GeneratedRegex(@"[a-z0-9]+", RegexOptions.CultureInvariant)]
    private static partial Regex Words { get; }
}
