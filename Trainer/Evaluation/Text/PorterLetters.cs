namespace HSENet.Trainer.Evaluation.Text;

/// <summary>What Porter's algorithm asks about the letters of a stem (Porter 1980, section 2).</summary>
internal static class PorterLetters
{
    public static bool IsConsonant(ReadOnlySpan<char> word, int i) => word[i] switch
    {
        'a' or 'e' or 'i' or 'o' or 'u' => false,
        'y' => i == 0 || !IsConsonant(word, i - 1),
        _ => true,
    };

    /// <summary>The m of [C](VC){m}[V].</summary>
    public static int Measure(ReadOnlySpan<char> stem)
    {
        var m = 0;
        for (var i = 1; i < stem.Length; i++)
        {
            if (IsConsonant(stem, i) && !IsConsonant(stem, i - 1))
            {
                m++;
            }
        }

        return m;
    }

    public static bool HasVowel(ReadOnlySpan<char> stem)
    {
        for (var i = 0; i < stem.Length; i++)
        {
            if (!IsConsonant(stem, i))
            {
                return true;
            }
        }

        return false;
    }

    public static bool EndsWithDoubleConsonant(ReadOnlySpan<char> word) => word.Length >= 2 && word[^1] == word[^2] && IsConsonant(word, word.Length - 1);

    /// <summary>*o: consonant, vowel, consonant other than w, x, y at the end; NLTK also counts a word of a vowel and a consonant.</summary>
    public static bool EndsShort(ReadOnlySpan<char> word) => word.Length switch
    {
        2 => !IsConsonant(word, 0) && IsConsonant(word, 1),
        >= 3 => IsConsonant(word, word.Length - 3) && !IsConsonant(word, word.Length - 2) && IsConsonant(word, word.Length - 1) && word[^1] is not ('w' or 'x' or 'y'),
        _ => false,
    };
}
