using System.Buffers;
using System.Collections.Concurrent;
using System.Text;
using System.Text.RegularExpressions;

namespace HSENet.Model.Text;

/// <summary>
/// Byte-level byte-pair encoding: words are cut by a split, their bytes merged pair by pair in the order of the merge list. May be shared
/// between threads.
/// </summary>
internal sealed class BpeTokenizer : ITokenizer
{
    private const int CachedWords = 1 << 16;
    private const int LongestCachedWord = 48;

    private readonly Dictionary<long, byte[]> _bytes = [];
    private readonly Dictionary<string, int> _added;
    private readonly Dictionary<long, BpeMerge> _merges;
    private readonly int[] _byteIds = new int[256];
    private readonly Dictionary<string, int>? _wholeWords;
    private readonly WordSplit _split;
    private readonly Regex? _special;
    private readonly ConcurrentDictionary<string, long[]> _cache = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long[]>.AlternateLookup<ReadOnlySpan<char>> _cached;
    private int _cacheCount;

    /// <exception cref="HSENetModelException"><c>tokenizer.format</c>: a byte or the result of a merge is not in the vocabulary.</exception>
    public BpeTokenizer(BpeVocabulary vocabulary, WordSplit split)
    {
        _split = split;
        _cached = _cache.GetAlternateLookup<ReadOnlySpan<char>>();
        _added = new Dictionary<string, int>(vocabulary.Added, StringComparer.Ordinal);
        VocabularySize = vocabulary.Tokens.Values.Concat(vocabulary.Added.Values).Max() + 1;
        foreach (var (token, id) in vocabulary.Tokens.Where(item => !_added.ContainsKey(item.Key)))
        {
            _bytes[id] = ToBytes(token);
        }

        foreach (var (content, id) in vocabulary.Added.Where(item => vocabulary.OrdinaryAdded.Contains(item.Key)))
        {
            _bytes[id] = Encoding.UTF8.GetBytes(content);
        }

        for (var value = 0; value < _byteIds.Length; value++)
        {
            _byteIds[value] = Id(vocabulary, ByteAlphabet.ToChar((byte)value).ToString());
        }

        _merges = new Dictionary<long, BpeMerge>(vocabulary.Merges.Count);
        foreach (var (left, right) in vocabulary.Merges)
        {
            _merges.TryAdd(BpeMerge.Key(Id(vocabulary, left), Id(vocabulary, right)), new(_merges.Count, Id(vocabulary, left + right)));
        }

        _wholeWords = vocabulary.IgnoreMerges ? new Dictionary<string, int>(vocabulary.Tokens, StringComparer.Ordinal) : null;
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
        for (var start = 0; start < text.Length;)
        {
            var end = _split.Next(text, start);
            var word = text[start..end];
            if (!_cached.TryGetValue(word, out var known))
            {
                known = EncodeWord(word);
                if (word.Length <= LongestCachedWord && _cacheCount < CachedWords && _cached.TryAdd(word, known))
                {
                    Interlocked.Increment(ref _cacheCount);
                }
            }

            ids.AddRange(known);
            start = end;
        }
    }

    private long[] EncodeWord(ReadOnlySpan<char> word)
    {
        var bytes = new byte[Encoding.UTF8.GetMaxByteCount(word.Length)];
        bytes = bytes[..Encoding.UTF8.GetBytes(word, bytes)];
        if (_wholeWords is not null && _wholeWords.TryGetValue(string.Create(bytes.Length, bytes, Spell), out var whole))
        {
            return [whole];
        }

        return BpeMerge.Apply([.. bytes.Select(value => _byteIds[value])], _merges);
    }

    private static void Spell(Span<char> text, byte[] bytes)
    {
        for (var i = 0; i < bytes.Length; i++)
        {
            text[i] = ByteAlphabet.ToChar(bytes[i]);
        }
    }
}
