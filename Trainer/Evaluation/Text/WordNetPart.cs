using System.Globalization;
using System.Text;

namespace HSENet.Trainer.Evaluation.Text;

/// <summary>One part of speech of WordNet: its index, its exceptions and its synsets.</summary>
internal sealed class WordNetPart : IDisposable
{
    private readonly Dictionary<string, long[]> _index = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string[]> _exceptions = new(StringComparer.Ordinal);
    private readonly (string Ending, string By)[] _rules;
    private readonly FileStream _data;

    private WordNetPart((string Ending, string By)[] rules, FileStream data) => (_rules, _data) = (rules, data);

    /// <exception cref="FormatException">A line is not as wndb(5WN) has it.</exception>
    public static WordNetPart Open(string directory, string name, (string Ending, string By)[] rules)
    {
        var part = new WordNetPart(rules, new FileStream(Path.Combine(directory, $"data.{name}"), FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 12));
        try
        {
            foreach (var line in File.ReadLines(Path.Combine(directory, $"index.{name}"), Encoding.Latin1).Where(line => line is [not ' ', ..]))
            {
                var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                var count = int.Parse(fields[2], CultureInfo.InvariantCulture);
                part._index.Add(fields[0], [.. fields.TakeLast(count).Select(offset => long.Parse(offset, CultureInfo.InvariantCulture))]);
            }

            foreach (var line in File.ReadLines(Path.Combine(directory, $"{name}.exc"), Encoding.Latin1).Where(line => line.Length > 0))
            {
                var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                part._exceptions[fields[0]] = fields[1..];
            }

            return part;
        }
        catch (Exception e)
        {
            part.Dispose();
            throw e is IndexOutOfRangeException or OverflowException or ArgumentException ? new FormatException($"{name}: {e.Message}", e) : e;
        }
    }

    /// <param name="form">Lower case.</param>
    public IEnumerable<string> Lemmas(string form) => BaseForms(form).SelectMany(lemma => _index[lemma]).SelectMany(Words);

    /// <summary>Morphy (morphy(7WN)): an exception, else the form and what one application of the rules gives, else more applications.</summary>
    private List<string> BaseForms(string form)
    {
        if (_exceptions.TryGetValue(form, out var exceptions))
        {
            return Known([form, .. exceptions]);
        }

        var forms = Applied([form]);
        var found = Known([form, .. forms]);
        while (found.Count == 0 && forms.Count > 0)
        {
            forms = Applied(forms);
            found = Known(forms);
        }

        return found;
    }

    private List<string> Applied(IReadOnlyList<string> forms) =>
    [
        .. from form in forms
           from rule in _rules
           where form.EndsWith(rule.Ending, StringComparison.Ordinal)
           select form[..^rule.Ending.Length] + rule.By,
    ];

    private List<string> Known(IEnumerable<string> forms) => [.. forms.Where(_index.ContainsKey).Distinct(StringComparer.Ordinal)];

    /// <summary>The words of the synset at an offset: two hex digits tell how many, each followed by a sense number.</summary>
    private IEnumerable<string> Words(long offset)
    {
        _data.Position = offset;
        using var reader = new StreamReader(_data, Encoding.Latin1, false, 1 << 12, leaveOpen: true);
        var fields = (reader.ReadLine() ?? "").Split(' ');
        if (fields.Length < 5 || !int.TryParse(fields[3], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var count) || fields.Length < 4 + 2 * count)
        {
            throw new TrainerException("wordnet.files", $"{_data.Name}: no synset at byte {offset}.");
        }

        for (var i = 0; i < count; i++)
        {
            var word = fields[4 + 2 * i];
            var marker = word.IndexOf('(', StringComparison.Ordinal);
            word = marker > 0 ? word[..marker] : word;
            if (!word.Contains('_', StringComparison.Ordinal))
            {
                yield return word;
            }
        }
    }

    public void Dispose() => _data.Dispose();
}
