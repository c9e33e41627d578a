using System.Text.RegularExpressions;

namespace HSENet.Model.Generation.Guards;

/// <summary>Finds sentences that break off: on a word that must have another behind it, in an open bracket, on a comma.</summary>
internal static partial class BrokenSentence
{
    public static bool IsBroken(ReportSentence sentence)
    {
        var text = sentence.Plain;
        return text.Length > 0 && (OpenEnd.IsMatch(text) || HasOpenBracket(text)
            || (!Answer.IsMatch(text) && LastWord.IsMatch(text)) || WithoutNoun.IsMatch(text) || WithoutUnit.IsMatch(text)
            || Resumed.IsMatch(sentence.Text));
    }

    private static bool HasOpenBracket(string text) => text.LastIndexOf('(') > text.LastIndexOf(')');

    [GeneratedRegex(@"[,(/+&-]$", RegexOptions.CultureInvariant)]
    private static partial Regex OpenEnd { get; }

    /// <summary>A word that needs another, then the beginning of another sentence without a full stop between them.</summary>
    [GeneratedRegex(@"\b(?:the|an?|of|in|into|with|without|within|from|to|at|by|for|on|and|or|is|are"
        + @"|was|were|has|have|no|not|measuring|shows?) "
        + @"(?:The|An?|There|This|These|No|In|On|Within|At|Both|Neither|Normal|Heart|Cardiac|Lungs?|Lymph"
        + @"|Pleural|Pericardial|Mediastinal|Mild|Small|Moderate|Large|Old|Status"
        + @"|Dense|Linear|Free|Enlarged|Calcified|Trachea|Motion|Sections?|Several|Multiple|Patchy|Moderately"
        + @"|Incidental(?:ly)?|Degenerative|Unremarkable|Emphysema|Consolidation)\b", RegexOptions.CultureInvariant)]
    private static partial Regex Resumed { get; }

    /// <summary>"Pneumothorax: no": the word is the answer.</summary>
    [GeneratedRegex(@":\s*(?:no|none|both|left|right)$", RegexOptions.CultureInvariant)]
    private static partial Regex Answer { get; }

    /// <summary>Articles, prepositions, conjunctions, auxiliary verbs and participles that govern a noun.</summary>
    [GeneratedRegex(@"(?:^|[\s,(])(?:the|an?|this|that|these|those|its|their|each|every|of|in|into|with"
        + @"|without|within|from|to|at|by|for|on|onto|over|under|between|among|along|through|throughout"
        + @"|during|than|and|or|nor|but|as|because|since|while|whereas|which|whose|where|is|are|was|were"
        + @"|be|been|being|has|have|had|can|may|might|could|should|would|will|no|not|very|up|measuring"
        + @"|measures|measured|containing|involving|involves|showing|shows|demonstrates|demonstrating"
        + @"|suggesting|suggests|including|representing|represents|reaching|reaches|extending|approximately"
        + @"|about|around|near|against|towards?|via|per|due|such|most|both|either|neither|there|multiple"
        + @"|several|few|numerous|bilaterally the)$", RegexOptions.CultureInvariant)]
    private static partial Regex LastWord { get; }

    /// <summary>An article or a preposition, then nothing but what describes a noun.</summary>
    [GeneratedRegex(@"\b(?:an?|the|in|of|no|both|with|small|mild|moderate|large|right|left|\d+ mm|cm)\s+(?:(?:left"
        + @"|right|upper|lower|middle)\s+)?(?:upper|lower|middle|pleural|pericardial|hiatal|coronary"
        + @"|mediastinal|pulmonary|hilar|axillary|thoracic|aortic|lymph|ground-glass|calcified|noncalcified"
        + @"|enlarged|subpleural|centrilobular|solid|subsolid|interlobular|bronchial|cardiac|small|mild"
        + @"|minimal|moderate|large|focal|diffuse|scattered|patchy)$"
        + @"|\b(?:an?|the)\s+(?:\d+(?:[.,]\d+)?\s*-?\s*(?:mm|cm)|(?:small|mild|minimal|moderate|large"
        + @"|tiny) (?:left|right|bilateral)|bilateral)$"
        + @"|\ban?\s+(?:left|right)$|^(?!.*\bthan\b).*\b(?:in|within) the (?:left|right)$", RegexOptions.CultureInvariant)]
    private static partial Regex WithoutNoun { get; }

    [GeneratedRegex(@"\b(?:measur(?:ing|es|ed)|approximately|up to|(?:diameter|size|thickness|depth|axis) (?:of"
        + @"|is)|at least)(?: about| approximately| up to)?\s+\d+(?:[.,]\d+)?(?:\s*x\s*\d*(?:[.,]\d+)?)?$", RegexOptions.CultureInvariant)]
    private static partial Regex WithoutUnit { get; }
}
