using System.Text;
using System.Text.Json;

namespace HSENet.Model.Text;

/// <summary>The forms in which byte-level BPE vocabularies are published, besides <c>tokenizer.json</c>.</summary>
internal static class BpeFiles
{
    private const int Bytes = 256;

    /// <summary>
    /// One file: a <c>tokenizer.json</c>, or ranks (<c>*.tiktoken</c>). Or <c>vocab.json</c> and <c>merges.txt</c>, with <c>added_tokens.json</c>
    /// (names and ids) where there are added tokens.
    /// </summary>
    /// <param name="paths">In any order, told apart by their names.</param>
    /// <exception cref="HSENetModelException"><c>tokenizer.format</c>, <c>model.unsupported</c>; <c>model.config</c>: none of these sets.</exception>
    public static BpeVocabulary Read(IReadOnlyList<string> paths)
    {
        if (paths is [var only])
        {
            return only.EndsWith(".tiktoken", StringComparison.Ordinal) ? ReadRanks(only) : TokenizerJson.Read(only);
        }

        var byName = paths.ToDictionary(path => Path.GetFileName(path), StringComparer.Ordinal);
        if (!byName.TryGetValue("vocab.json", out var vocabulary) || !byName.TryGetValue("merges.txt", out var merges)
            || byName.Keys.Any(name => name is not ("vocab.json" or "merges.txt" or "added_tokens.json")))
        {
            throw new HSENetModelException(
                "model.config", "tokenizer.files: needs one tokenizer.json or .tiktoken file, or vocab.json and merges.txt with at most added_tokens.json.");
        }

        var added = byName.TryGetValue("added_tokens.json", out var more) ? TokenizerFiles.ReadJson(more, TokenizerJson.ReadIds) : [];
        var tokens = TokenizerFiles.ReadJson(vocabulary, TokenizerJson.ReadIds);
        foreach (var special in new[] { ReportPrompt.BeginToken, ReportPrompt.PlaceholderToken })
        {
            if (tokens.TryGetValue(special, out var id))
            {
                added.TryAdd(special, id);   // GPT-2 and Phi list the end of text among the words; it is a control token all the same
            }
        }

        return new BpeVocabulary(tokens, ReadMerges(merges), added).Checked(vocabulary);
    }

    /// <summary>
    /// Tokens as bytes with their rank, which is both id and order. The two halves of a token are what its bytes become when only tokens of
    /// lower rank are merged.
    /// </summary>
    /// <param name="tokens">Bytes and rank; each of the 256 bytes is a token.</param>
    /// <param name="path">For messages.</param>
    /// <exception cref="HSENetModelException"><c>tokenizer.format</c>: a token does not fall into two parts, or a rank is doubled.</exception>
    public static BpeVocabulary FromRanks(IEnumerable<(byte[] Token, int Rank)> tokens, string path)
    {
        var ordered = tokens.OrderBy(item => item.Rank).ToList();
        var byText = new Dictionary<string, int>(StringComparer.Ordinal);
        var texts = new Dictionary<int, string>();
        foreach (var (token, rank) in ordered)
        {
            var text = string.Concat(token.Select(ByteAlphabet.ToChar));
            if (text.Length == 0 || !byText.TryAdd(text, rank) || !texts.TryAdd(rank, text))
            {
                throw TokenizerFiles.Broken(path, "a token is empty, or a token or rank is doubled");
            }
        }

        var byteIds = new int[Bytes];
        for (var value = 0; value < Bytes; value++)
        {
            byteIds[value] = byText.TryGetValue(ByteAlphabet.ToChar((byte)value).ToString(), out var id)
                ? id
                : throw TokenizerFiles.Broken(path, $"the byte {value} is no token");
        }

        var (merges, known) = (new List<(string Left, string Right)>(), new Dictionary<long, BpeMerge>());
        foreach (var (token, rank) in ordered.Where(item => item.Token.Length > 1))
        {
            if (BpeMerge.Apply([.. token.Select(value => byteIds[value])], known) is not [var left, var right])
            {
                throw TokenizerFiles.Broken(path, $"the token of rank {rank} is not made of two tokens of lower rank");
            }

            known.Add(BpeMerge.Key((int)left, (int)right), new BpeMerge(rank, rank));
            merges.Add((texts[(int)left], texts[(int)right]));
        }

        return new BpeVocabulary(byText, merges, new Dictionary<string, int>());
    }

    private static BpeVocabulary ReadRanks(string path)
    {
        try
        {
            return FromRanks(
                TokenizerFiles.ReadLines(path).Where(line => line.Length > 0).Select(line => line.Split(' ') is [var token, var rank]
                    ? (Convert.FromBase64String(token), int.Parse(rank, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture))
                    : throw TokenizerFiles.Broken(path, "a line is not a token and its rank")),
                path);
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            throw TokenizerFiles.Broken(path, e.Message, e);
        }
    }

    private static List<(string Left, string Right)> ReadMerges(string path)
    {
        var merges = new List<(string Left, string Right)>();
        foreach (var line in TokenizerFiles.ReadLines(path).Where((line, index) => line.Length > 0 && !(index == 0 && line.StartsWith("#version", StringComparison.Ordinal))))
        {
            merges.Add(line.Split(' ') is [{ Length: > 0 } left, { Length: > 0 } right] ? (left, right) : throw TokenizerFiles.Broken(path, "a merge is not a pair"));
        }

        return merges;
    }
}
