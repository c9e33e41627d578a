namespace HSENet.Trainer.Evaluation.Text;

/// <summary>
/// METEOR (Banerjee and Lavie 2005) as NLTK computes it: alpha 0.9, beta 3, gamma 0.5; three greedy passes from the end (word, stem, synonym). After
/// the second pass the stems are what is left, so synonyms are looked up for stems: kept, as scores compare with the reference's only so.
/// </summary>
/// <param name="wordNet">Null: without synonyms, and <see cref="Name"/> says so.</param>
internal sealed class Meteor(WordNet? wordNet)
{
    private const double Alpha = 0.9;
    private const double Beta = 3;
    private const double Gamma = 0.5;

    public string Name => wordNet is null ? "METEOR (no synonyms)" : "METEOR";

    public double Score(string candidate, string reference)
    {
        var (hypothesis, words) = (WordTokenizer.Tokenize(candidate), WordTokenizer.Tokenize(reference));
        var alignment = Align(hypothesis, words);
        if (alignment.Matches.Count == 0)
        {
            return 0;
        }

        var matches = (double)alignment.Matches.Count;
        var (precision, recall) = (matches / hypothesis.Count, matches / words.Count);
        var mean = precision * recall / (Alpha * precision + (1 - Alpha) * recall);
        return mean * (1 - Gamma * Math.Pow(alignment.ChunkCount / matches, Beta));
    }

    public MeteorAlignment Align(IReadOnlyList<string> candidate, IReadOnlyList<string> reference)
    {
        var (left, right) = (Enumerated(candidate), Enumerated(reference));
        var matches = new List<(int Candidate, int Reference)>();
        Match(left, right, matches, (a, b) => a == b);
        left = [.. left.Select(item => (item.Index, PorterStemmer.Stem(item.Word)))];
        right = [.. right.Select(item => (item.Index, PorterStemmer.Stem(item.Word)))];
        Match(left, right, matches, (a, b) => a == b);
        if (wordNet is not null)
        {
            Match(left, right, matches, (a, b) => wordNet.Synonyms(a).Contains(b));
        }

        matches.Sort();
        var chunks = matches.Count == 0 ? 0 : 1;
        for (var i = 1; i < matches.Count; i++)
        {
            chunks += matches[i].Candidate == matches[i - 1].Candidate + 1 && matches[i].Reference == matches[i - 1].Reference + 1 ? 0 : 1;
        }

        return new(matches, chunks);
    }

    private static List<(int Index, string Word)> Enumerated(IReadOnlyList<string> words) => [.. words.Select((word, i) => (i, word.ToLowerInvariant()))];

    private static void Match(
        List<(int Index, string Word)> left, List<(int Index, string Word)> right, List<(int Candidate, int Reference)> matches, Func<string, string, bool> equal)
    {
        for (var i = left.Count - 1; i >= 0; i--)
        {
            var j = right.FindLastIndex(item => equal(left[i].Word, item.Word));
            if (j >= 0)
            {
                matches.Add((left[i].Index, right[j].Index));
                left.RemoveAt(i);
                right.RemoveAt(j);
            }
        }
    }
}
