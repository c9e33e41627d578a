using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;

namespace HSENet.Model.Text;

/// <summary>Byte-level byte-pair encoding: words are cut by a pattern, their bytes merged pair by pair in the order of the merge list.</summary>
internal sealed class BpeTokenizer : ITokenizer
{
    private readonly Dictionary<long, byte[]> _bytes = [];
    private readonly Dictionary<string, int> _added;
    private readonly Dictionary<(int Left, int Right), (int Rank, int Id)> _merges = [];
    private readonly int[] _byteIds = new int[256];
    private readonly Regex _split;
    private readonly Regex? _special;

    /// <exception cref="HSENetModelException"><c>tokenizer.format</c>: a byte or the result of a merge is not in the vocabulary.</exception>
    public BpeTokenizer(BpeVocabulary vocabulary, Regex split)
    {
        _split = split;
        _added = new Dictionary<string, int>(vocabulary.Added, StringComparer.Ordinal);
        VocabularySize = vocabulary.Tokens.Values.Concat(vocabulary.Added.Values).Max() + 1;
        foreach (var (token, id) in vocabulary.Tokens.Where(item => !_added.ContainsKey(item.Key)))
        {
            _bytes[id] = ToBytes(token);
        }

        for (var value = 0; value < _byteIds.Length; value++)
        {
            _byteIds[value] = Id(vocabulary, ByteAlphabet.ToChar((byte)value).ToString());
        }

        foreach (var (left, right) in vocabulary.Merges)
        {
            _merges.TryAdd((Id(vocabulary, left), Id(vocabulary, right)), (_merges.Count, Id(vocabulary, left + right)));
        }

        if (_added.Count > 0)
        {
            _special = new Regex(
                string.Join('|', _added.Keys.OrderByDescending(content => content.Length).Select(Regex.Escape)), RegexOptions.CultureInvariant);
        }
    }

    public int VocabularySize { get; }

    public long? AddedToken(string content) => _added.TryGetValue(content, out var id) ? id : null;

    public IReadOnlyList<long> Encode(string text, bool allowSpecial = false)
    {
        var ids = new List<long>();
        var position = 0;
        if (allowSpecial && _special is not null)
        {
            foreach (var match in _special.EnumerateMatches(text))
            {
                EncodeOrdinary(text.AsSpan(position, match.Index - position), ids);
                ids.Add(_added[text.Substring(match.Index, match.Length)]);
                position = match.Index + match.Length;
            }
        }

        EncodeOrdinary(text.AsSpan(position), ids);
        return ids;
    }

    public string Decode(IEnumerable<long> ids)
    {
        var bytes = new ArrayBufferWriter<byte>();
        foreach (var id in ids)
        {
            if (_bytes.TryGetValue(id, out var token))
            {
                bytes.Write(token);
            }
        }

        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    private static byte[] ToBytes(string token) =>
        [.. token.Select(character => ByteAlphabet.TryToByte(character, out var value)
            ? value
            : throw new HSENetModelException("tokenizer.format", $"The token '{token}' is not written in the byte alphabet."))];

    private static int Id(BpeVocabulary vocabulary, string token) =>
        vocabulary.Tokens.TryGetValue(token, out var id)
            ? id
            : throw new HSENetModelException("tokenizer.format", $"The vocabulary lacks the token '{token}'.");

    private void EncodeOrdinary(ReadOnlySpan<char> text, List<long> ids)
    {
        foreach (var word in _split.EnumerateMatches(text))
        {
            var bytes = Encoding.UTF8.GetBytes(text.Slice(word.Index, word.Length).ToString());
            ids.AddRange(Merge(bytes));
        }
    }

    /// <summary>Merges the pair of lowest rank, everywhere in the word, until no pair is left.</summary>
    private IEnumerable<long> Merge(byte[] word)
    {
        var parts = word.Select(value => _byteIds[value]).ToList();
        while (parts.Count > 1)
        {
            (int Rank, int Id) best = (int.MaxValue, 0);
            var pair = (Left: 0, Right: 0);
            for (var i = 0; i + 1 < parts.Count; i++)
            {
                if (_merges.TryGetValue((parts[i], parts[i + 1]), out var merge) && merge.Rank < best.Rank)
                {
                    (best, pair) = (merge, (parts[i], parts[i + 1]));
                }
            }

            if (best.Rank == int.MaxValue)
            {
                break;
            }

            Replace(parts, pair, best.Id);
        }

        return parts.Select(id => (long)id);
    }

    private static void Replace(List<int> parts, (int Left, int Right) pair, int id)
    {
        var kept = 0;
        for (var i = 0; i < parts.Count; i++)
        {
            if (i + 1 < parts.Count && (parts[i], parts[i + 1]) == pair)
            {
                parts[kept++] = id;
                i++;
            }
            else
            {
                parts[kept++] = parts[i];
            }
        }

        parts.RemoveRange(kept, parts.Count - kept);
    }
}
