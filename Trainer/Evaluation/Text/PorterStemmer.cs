using static HSENet.Trainer.Evaluation.Text.PorterLetters;

namespace HSENet.Trainer.Evaluation.Text;

/// <summary>
/// Porter's stemmer (M. F. Porter, "An algorithm for suffix stripping", 1980) with the departures of NLTK's default mode, which METEOR and ROUGE are
/// scored with: irregular forms, words of up to two letters left alone, 4-letter -ies and -ied, -y only after a consonant, more suffixes in step 2.
/// </summary>
internal static class PorterStemmer
{
    private static readonly Dictionary<string, string> s_irregular = new(StringComparer.Ordinal)
    {
        ["sky"] = "sky", ["skies"] = "sky", ["dying"] = "die", ["lying"] = "lie", ["tying"] = "tie", ["news"] = "news",
        ["inning"] = "inning", ["innings"] = "inning", ["outing"] = "outing", ["outings"] = "outing", ["canning"] = "canning", ["cannings"] = "canning",
        ["howe"] = "howe", ["proceed"] = "proceed", ["exceed"] = "exceed", ["succeed"] = "succeed",
    };

    private static readonly (string Suffix, string By)[] s_step2 =
    [
        ("ational", "ate"), ("tional", "tion"), ("enci", "ence"), ("anci", "ance"), ("izer", "ize"), ("bli", "ble"), ("alli", "al"), ("entli", "ent"),
        ("eli", "e"), ("ousli", "ous"), ("ization", "ize"), ("ation", "ate"), ("ator", "ate"), ("alism", "al"), ("iveness", "ive"), ("fulness", "ful"),
        ("ousness", "ous"), ("aliti", "al"), ("iviti", "ive"), ("biliti", "ble"), ("fulli", "ful"),
    ];

    private static readonly (string Suffix, string By)[] s_step3 =
        [("icate", "ic"), ("ative", ""), ("alize", "al"), ("iciti", "ic"), ("ical", "ic"), ("ful", ""), ("ness", "")];

    private static readonly string[] s_step4 =
    [
        "al", "ance", "ence", "er", "ic", "able", "ible", "ant", "ement", "ment", "ent", "ion", "ou", "ism", "ate", "iti", "ous", "ive", "ize",
    ];

    public static string Stem(string word)
    {
        var stem = word.ToLowerInvariant();
        if (s_irregular.TryGetValue(stem, out var irregular))
        {
            return irregular;
        }

        return stem.Length <= 2 ? stem : Step5(Step4(Step3(Step2(Step1C(Step1B(Step1A(stem)))))));
    }

    private static string Step1A(string word) => word switch
    {
        _ when Ends(word, "ies") => word.Length == 4 ? word[..^1] : word[..^2],
        _ when Ends(word, "sses") => word[..^2],
        _ when Ends(word, "ss") => word,
        _ when Ends(word, "s") => word[..^1],
        _ => word,
    };

    private static string Step1B(string word)
    {
        if (Ends(word, "ied"))
        {
            return word.Length == 4 ? word[..^1] : word[..^2];
        }

        if (Ends(word, "eed"))
        {
            return Measure(word.AsSpan()[..^3]) > 0 ? word[..^1] : word;
        }

        var stem = Ends(word, "ed") ? word[..^2] : Ends(word, "ing") ? word[..^3] : null;
        if (stem is null || !HasVowel(stem))
        {
            return word;
        }

        if (Ends(stem, "at") || Ends(stem, "bl") || Ends(stem, "iz"))
        {
            return stem + "e";
        }

        if (EndsWithDoubleConsonant(stem))
        {
            return stem[^1] is 'l' or 's' or 'z' ? stem : stem[..^1];
        }

        return Measure(stem) == 1 && EndsShort(stem) ? stem + "e" : stem;
    }

    private static string Step1C(string word) =>
        Ends(word, "y") && word.Length > 2 && IsConsonant(word.AsSpan()[..^1], word.Length - 2) ? word[..^1] + "i" : word;

    private static string Step2(string word)
    {
        if (Ends(word, "alli") && Measure(word.AsSpan()[..^4]) > 0)
        {
            return Step2(word[..^2]);
        }

        foreach (var (suffix, by) in s_step2)
        {
            if (Ends(word, suffix))
            {
                return Measure(word.AsSpan()[..^suffix.Length]) > 0 ? word[..^suffix.Length] + by : word;
            }
        }

        return Ends(word, "logi") && Measure(word.AsSpan()[..^3]) > 0 ? word[..^1] : word;
    }

    private static string Step3(string word)
    {
        foreach (var (suffix, by) in s_step3)
        {
            if (Ends(word, suffix))
            {
                return Measure(word.AsSpan()[..^suffix.Length]) > 0 ? word[..^suffix.Length] + by : word;
            }
        }

        return word;
    }

    private static string Step4(string word)
    {
        foreach (var suffix in s_step4)
        {
            if (Ends(word, suffix))
            {
                var stem = word.AsSpan()[..^suffix.Length];
                return Measure(stem) > 1 && (suffix != "ion" || stem is [.., 's' or 't']) ? stem.ToString() : word;
            }
        }

        return word;
    }

    private static string Step5(string word)
    {
        if (Ends(word, "e"))
        {
            var stem = word[..^1];
            var m = Measure(stem);
            word = m > 1 || (m == 1 && !EndsShort(stem)) ? stem : word;
        }

        return Ends(word, "ll") && Measure(word.AsSpan()[..^1]) > 1 ? word[..^1] : word;
    }

    private static bool Ends(string word, string suffix) => word.EndsWith(suffix, StringComparison.Ordinal);
}
