using System.Text;

namespace HSENet.Trainer.DemoModels;

/// <summary>
/// Text without meaning, for the tokenizer of a model that was never trained: words of open syllables over few letters, in which no word of a
/// radiology report can be spelt. What such a model writes cannot be mistaken for findings.
/// </summary>
internal static class SyllableText
{
    private const string Consonants = "kvzrljw";
    private const string Vowels = "aou";

    /// <summary>Sentences of four to nine words of two to four syllables.</summary>
    public static IEnumerable<string> Sentences(SeededGenerator random, int count)
    {
        for (var sentence = 0; sentence < count; sentence++)
        {
            var words = Enumerable.Range(0, 4 + random.Next(6)).Select(_ => Word(random)).ToList();
            yield return string.Join(' ', words) + ".";
        }
    }

    private static string Word(SeededGenerator random)
    {
        var word = new StringBuilder();
        for (var syllables = 2 + random.Next(3); syllables > 0; syllables--)
        {
            word.Append(Consonants[random.Next(Consonants.Length)]).Append(Vowels[random.Next(Vowels.Length)]);
        }

        return word.ToString();
    }
}
