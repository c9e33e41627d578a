using System.Text;
using System.Text.RegularExpressions;

namespace HSENet.Model.Text;

/// <summary>
/// BERT's uncased WordPiece: each word is cut greedily into the longest pieces of the vocabulary. Our own, because the package's drops
/// symbols and glues words at line breaks. May be shared between threads.
/// </summary>
internal sealed partial class WordPieceTokenizer : ITokenizer
{
    public const string Unknown = "[UNK]";
    public const string Classification = "[CLS]";
    public const string Separator = "[SEP]";
    public const string Padding = "[PAD]";
    public const string Mask = "[MASK]";

    private const string Continuation = "##";
    private const int LongestWord = 100;   // characters; a longer word is unknown

    private static readonly string[] s_special = [Padding, Unknown, Classification, Separator, Mask];

    private readonly Dictionary<string, int> _pieces;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private readonly string[] _texts;
    private readonly int _longestPiece;

    /// <param name="pieces">Piece and id; a piece that continues a word begins with <c>##</c>.</param>
    /// <exception cref="HSENetModelException"><c>tokenizer.format</c>: one of the five special tokens is missing, or ids do not run from 0 without a gap.</exception>
    public WordPieceTokenizer(IReadOnlyDictionary<string, int> pieces)
    {
        _pieces = new Dictionary<string, int>(pieces, StringComparer.Ordinal);
        _lookup = _pieces.GetAlternateLookup<ReadOnlySpan<char>>();
        if (Array.Find(s_special, token => !_pieces.ContainsKey(token)) is { } missing)
        {
            throw new HSENetModelException("tokenizer.format", $"The WordPiece vocabulary lacks the token {missing}.");
        }

        VocabularySize = _pieces.Values.Max() + 1;
        if (_pieces.Values.Min() < 0 || VocabularySize > 1 << 24 || _pieces.Values.Distinct().Count() != _pieces.Count)
        {
            throw new HSENetModelException("tokenizer.format", "The ids of the WordPiece vocabulary are negative, too large or doubled.");
        }

        _texts = new string[VocabularySize];
        foreach (var (piece, id) in _pieces)
        {
            _texts[id] = piece;
        }

        _longestPiece = _pieces.Keys.Max(piece => piece.Length);
    }

    public int VocabularySize { get; }

    /// <param name="path">A <c>vocab.txt</c> (one piece a line, the id is the line) or a <c>tokenizer.json</c> with a WordPiece model.</param>
    /// <exception cref="HSENetModelException"><c>tokenizer.format</c>, <c>model.unsupported</c>.</exception>
    public static WordPieceTokenizer Open(string path)
    {
        if (path.EndsWith(".json", StringComparison.Ordinal))
        {
            return new WordPieceTokenizer(TokenizerFiles.ReadJson(path, root => root.GetProperty("model").GetProperty("type").GetString() == "WordPiece"
                ? TokenizerJson.ReadIds(root.GetProperty("model").GetProperty("vocab"))
                : throw new HSENetModelException("model.unsupported", $"{path}: the text encoder needs a WordPiece model.")));
        }

        var pieces = new Dictionary<string, int>(StringComparer.Ordinal);
        var id = 0;
        foreach (var line in TokenizerFiles.ReadLines(path))
        {
            if (!pieces.TryAdd(line, id++))
            {
                throw TokenizerFiles.Broken(path, $"line {id} repeats a piece");
            }
        }

        return pieces.Count > 0 ? new WordPieceTokenizer(pieces) : throw TokenizerFiles.Broken(path, "no pieces");
    }

    public long? AddedToken(string content) => s_special.Contains(content) ? _pieces[content] : null;

    public IReadOnlyList<long> Encode(string text, bool allowSpecial = false)
    {
        var ids = new List<long>();
        var position = 0;
        if (allowSpecial)
        {
            foreach (var match in Special.EnumerateMatches(text))
            {
                EncodeOrdinary(text.AsSpan(position, match.Index - position), ids);
                ids.Add(_lookup[text.AsSpan(match.Index, match.Length)]);
                position = match.Index + match.Length;
            }
        }

        EncodeOrdinary(text.AsSpan(position), ids);
        return ids;
    }

    /// <summary>What the text encoder takes: [CLS], the text, [SEP]; a longer text is cut so that the last id is [SEP].</summary>
    /// <param name="text">The text; special tokens in it have no effect.</param>
    /// <param name="length">Ids of the result; at least 2.</param>
    /// <returns>Ids filled up with [PAD], and a mask with 1 for what is not padding.</returns>
    public (long[] Ids, long[] Mask) EncodeSequence(string text, int length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 2);
        var (ids, mask) = (new long[length], new long[length]);
        Array.Fill(ids, _pieces[Padding]);
        long[] sequence = [_pieces[Classification], .. Encode(text).Take(length - 2), _pieces[Separator]];
        sequence.CopyTo(ids, 0);
        mask.AsSpan(0, sequence.Length).Fill(1);
        return (ids, mask);
    }

    /// <summary>Words with one space between them; what the way in dropped stays lost. Special tokens are left out.</summary>
    public string Decode(IEnumerable<long> ids)
    {
        var text = new StringBuilder();
        foreach (var id in ids)
        {
            if (id < 0 || id >= _texts.Length || _texts[id] is not { } piece || s_special.Contains(piece))
            {
                continue;
            }

            var continues = piece.StartsWith(Continuation, StringComparison.Ordinal) && piece.Length > Continuation.Length;
            text.Append(continues || text.Length == 0 ? string.Empty : " ").Append(continues ? piece[Continuation.Length..] : piece);
        }

        return text.ToString();
    }

    [GeneratedRegex(@"\[(PAD|UNK|CLS|SEP|MASK)\]", RegexOptions.CultureInvariant)]
    private static partial Regex Special { get; }

    private void EncodeOrdinary(ReadOnlySpan<char> text, List<long> ids)
    {
        foreach (var word in BertText.Words(text))
        {
            var before = ids.Count;
            if (!TryCut(word, ids))
            {
                ids.RemoveRange(before, ids.Count - before);
                ids.Add(_pieces[Unknown]);
            }
        }
    }

    private bool TryCut(string word, List<long> ids)
    {
        if (word.EnumerateRunes().Count() > LongestWord)
        {
            return false;
        }

        Span<char> candidate = stackalloc char[Continuation.Length + word.Length];
        for (var start = 0; start < word.Length;)
        {
            var prefix = start == 0 ? string.Empty : Continuation;
            prefix.CopyTo(candidate);
            word.AsSpan(start).CopyTo(candidate[prefix.Length..]);
            var length = Math.Min(word.Length - start, _longestPiece);
            int id;
            while (!_lookup.TryGetValue(candidate[..(prefix.Length + length)], out id))
            {
                if (--length == 0)
                {
                    return false;
                }
            }

            ids.Add(id);
            start += length;
        }

        return true;
    }
}
