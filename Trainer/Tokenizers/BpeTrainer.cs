using System.Text;
using HSENet.Model.Text;

namespace HSENet.Trainer.Tokenizers;

/// <summary>
/// Learns byte-level BPE merges: again and again the most frequent neighbouring pair becomes a token. Ties go to the pair of lower ids, so the
/// result depends on the text alone.
/// </summary>
internal static class BpeTrainer
{
    private const int Bytes = 256;

    /// <param name="sentences">The text.</param>
    /// <param name="split">Cuts the text into words.</param>
    /// <param name="merges">Merges to learn; fewer when the text has no more pairs.</param>
    /// <param name="added">Special tokens; they take the ids after the merges.</param>
    public static BpeVocabulary Train(IEnumerable<string> sentences, WordSplit split, int merges, params ReadOnlySpan<string> added)
    {
        var tokens = Enumerable.Range(0, Bytes).Select(value => ByteAlphabet.ToChar((byte)value).ToString()).ToList();
        var words = CountWords(sentences, split);
        var learned = new List<(string Left, string Right)>();
        while (learned.Count < merges && MostFrequentPair(words) is { } pair)
        {
            learned.Add((tokens[pair.Left], tokens[pair.Right]));
            tokens.Add(tokens[pair.Left] + tokens[pair.Right]);
            foreach (var (parts, _) in words)
            {
                Merge(parts, pair, tokens.Count - 1);
            }
        }

        var special = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var token in added)
        {
            special.Add(token, tokens.Count + special.Count);
        }

        return new BpeVocabulary(
            tokens.Select((token, id) => (token, id)).ToDictionary(item => item.token, item => item.id, StringComparer.Ordinal), learned, special);
    }

    private static List<(List<int> Parts, int Count)> CountWords(IEnumerable<string> sentences, WordSplit split)
    {
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var word in sentences.SelectMany(split.Words))
        {
            counts[word] = counts.GetValueOrDefault(word) + 1;
        }

        return [.. counts.Select(item => (Encoding.UTF8.GetBytes(item.Key).Select(value => (int)value).ToList(), item.Value))];
    }

    private static (int Left, int Right)? MostFrequentPair(List<(List<int> Parts, int Count)> words)
    {
        var counts = new Dictionary<(int Left, int Right), int>();
        foreach (var (parts, count) in words)
        {
            for (var i = 0; i + 1 < parts.Count; i++)
            {
                var pair = (parts[i], parts[i + 1]);
                counts[pair] = counts.GetValueOrDefault(pair) + count;
            }
        }

        return counts.Count == 0 ? null : counts.MinBy(item => (-item.Value, item.Key)).Key;
    }

    private static void Merge(List<int> parts, (int Left, int Right) pair, int id)
    {
        for (var i = 0; i + 1 < parts.Count; i++)
        {
            if ((parts[i], parts[i + 1]) == pair)
            {
                parts[i] = id;
                parts.RemoveAt(i + 1);
            }
        }
    }
}
