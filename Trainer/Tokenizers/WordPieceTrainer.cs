using System.Text;
using HSENet.Model.Text;
using HSENet.Model.Weights;

namespace HSENet.Trainer.Tokenizers;

/// <summary>
/// Learns a WordPiece vocabulary: again and again the most frequent pair of neighbouring pieces becomes one. Ties go to the pair that comes first in
/// ordinal order, so the result depends on the text alone. ASCII letters, digits and marks are always pieces: a new word is spelt, not unknown.
/// </summary>
internal static class WordPieceTrainer
{
    private const string Continuation = "##";

    private static readonly string[] s_special =
        [WordPieceTokenizer.Padding, WordPieceTokenizer.Unknown, WordPieceTokenizer.Classification, WordPieceTokenizer.Separator, WordPieceTokenizer.Mask];

    /// <param name="texts">Cleaned as the encoder will see them.</param>
    /// <param name="size">Pieces of the vocabulary, special ones too; fewer when the text has no more pairs.</param>
    /// <returns>The pieces; an id is a place in the list. [PAD] is 0.</returns>
    /// <exception cref="TrainerException"><c>tokenizer.size</c>: the single characters alone are more.</exception>
    public static IReadOnlyList<string> Train(IEnumerable<string> texts, int size)
    {
        var words = CountWords(texts);
        List<string> pieces = [.. s_special, .. Alphabet(words)];
        if (pieces.Count > size)
        {
            throw new TrainerException("tokenizer.size", $"special tokens and single characters are {pieces.Count} pieces, more than {size}.");
        }

        var known = pieces.ToHashSet(StringComparer.Ordinal);
        while (pieces.Count < size && MostFrequentPair(words) is { } pair)
        {
            var merged = pair.Left + pair.Right[Continuation.Length..];
            if (known.Add(merged))
            {
                pieces.Add(merged);
            }

            foreach (var (parts, _) in words)
            {
                Merge(parts, pair, merged);
            }
        }

        return pieces;
    }

    /// <summary>
    /// Writes a <c>vocab.txt</c>: one piece a line. Every process of a run writes and reads the same file, so whoever opens it finds a whole one.
    /// </summary>
    public static void Write(string path, IEnumerable<string> pieces)
    {
        var part = $"{path}.{Path.GetRandomFileName()}.part";
        try
        {
            using (var file = new FileStream(part, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                file.Write(Encoding.UTF8.GetBytes(string.Concat(pieces.Select(piece => piece + "\n"))));
                DiskSync.Flush(file);
            }

            File.Move(part, path, overwrite: true);
        }
        catch
        {
            File.Delete(part);
            throw;
        }
    }

    private static List<(List<string> Parts, int Count)> CountWords(IEnumerable<string> texts)
    {
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var word in texts.SelectMany(text => BertText.Words(text)))
        {
            counts[word] = counts.GetValueOrDefault(word) + 1;
        }

        return [.. counts.Select(item => (item.Key.EnumerateRunes().Select((rune, i) => i == 0 ? rune.ToString() : Continuation + rune).ToList(), item.Value))];
    }

    private static IEnumerable<string> Alphabet(List<(List<string> Parts, int Count)> words)
    {
        var ascii = Enumerable.Range('!', '~' - '!' + 1).Select(c => (char)c).Where(c => !char.IsAsciiLetterUpper(c)).ToList();
        return ascii.Select(c => c.ToString())
            .Concat(ascii.Where(char.IsAsciiLetterOrDigit).Select(c => Continuation + c))
            .Concat(words.SelectMany(word => word.Parts))
            .Distinct(StringComparer.Ordinal)
            .OrderBy(piece => piece.StartsWith(Continuation, StringComparison.Ordinal) && piece.Length > Continuation.Length)
            .ThenBy(piece => piece, StringComparer.Ordinal);
    }

    private static (string Left, string Right)? MostFrequentPair(List<(List<string> Parts, int Count)> words)
    {
        var counts = new Dictionary<(string Left, string Right), int>();
        foreach (var (parts, count) in words)
        {
            for (var i = 0; i + 1 < parts.Count; i++)
            {
                var pair = (parts[i], parts[i + 1]);
                counts[pair] = counts.GetValueOrDefault(pair) + count;
            }
        }

        (string Left, string Right)? best = null;
        var most = 0;
        foreach (var (pair, count) in counts)
        {
            if (count > most || (count == most && Compare(pair, best!.Value) < 0))
            {
                (best, most) = (pair, count);
            }
        }

        return best;
    }

    private static int Compare((string Left, string Right) a, (string Left, string Right) b) =>
        string.CompareOrdinal(a.Left, b.Left) is var left and not 0 ? left : string.CompareOrdinal(a.Right, b.Right);

    private static void Merge(List<string> parts, (string Left, string Right) pair, string merged)
    {
        for (var i = 0; i + 1 < parts.Count; i++)
        {
            if ((parts[i], parts[i + 1]) == pair)
            {
                parts[i] = merged;
                parts.RemoveAt(i + 1);
            }
        }
    }
}
