using System.Globalization;
using System.Text;

namespace HSENet.Trainer.Evaluation.Text;

/// <summary>
/// The synonyms of Princeton WordNet 3.0 in its own files (wndb(5WN): <c>index.*</c>, <c>data.*</c>, <c>*.exc</c>), for example of Debian's package
/// wordnet-base. The index is held, synsets are read where they are asked for. One thread at a time.
/// </summary>
internal sealed class WordNet : IDisposable
{
    /// <summary>Where Debian's package puts the files.</summary>
    public const string DefaultDirectory = "/usr/share/wordnet";

    private static readonly (string Name, (string Ending, string By)[] Rules)[] s_parts =
    [
        ("noun", [("s", ""), ("ses", "s"), ("ves", "f"), ("xes", "x"), ("zes", "z"), ("ches", "ch"), ("shes", "sh"), ("men", "man"), ("ies", "y")]),
        ("verb", [("s", ""), ("ies", "y"), ("es", "e"), ("es", ""), ("ed", "e"), ("ed", ""), ("ing", "e"), ("ing", "")]),
        ("adj", [("er", ""), ("est", ""), ("er", "e"), ("est", "e")]),
        ("adv", []),
    ];

    private readonly List<WordNetPart> _parts = [];
    private readonly Dictionary<string, IReadOnlySet<string>> _known = new(StringComparer.Ordinal);

    private WordNet()
    {
    }

    /// <summary>A folder that was named must do; the usual one may be absent.</summary>
    /// <param name="directory">Null: the usual one.</param>
    public static WordNet? Find(string? directory) => directory is not null ? Open(directory) : Directory.Exists(DefaultDirectory) ? Open(DefaultDirectory) : null;

    /// <exception cref="TrainerException"><c>wordnet.files</c>: the folder lacks a file or one is not as documented.</exception>
    public static WordNet Open(string directory)
    {
        var wordNet = new WordNet();
        try
        {
            foreach (var (name, rules) in s_parts)
            {
                wordNet._parts.Add(WordNetPart.Open(directory, name, rules));
            }

            return wordNet;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            wordNet.Dispose();
            throw new TrainerException("wordnet.files", $"{directory} is no WordNet 3.0 folder: {e.Message}", e);
        }
    }

    /// <summary>The word itself and every single-word lemma of every synset of its base forms; lemmas keep their case.</summary>
    public IReadOnlySet<string> Synonyms(string word)
    {
        if (!_known.TryGetValue(word, out var found))
        {
            var form = word.ToLowerInvariant();
            found = _parts.SelectMany(part => part.Lemmas(form)).Append(word).ToHashSet(StringComparer.Ordinal);
            _known.Add(word, found);
        }

        return found;
    }

    public void Dispose() => _parts.ForEach(part => part.Dispose());
}
