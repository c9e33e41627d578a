using HSENet.Model.Generation.Guards;
using HSENet.Trainer.Evaluation.Labels;
using HSENet.Trainer.Phantoms;

namespace HSENet.Trainer.Tests.Guards;

/// <summary>Reports without fault, in five styles: prose, organ by organ, lists, and those of the phantoms in two orders.</summary>
internal sealed class SoundReports(ReportWording words)
{
    public const int Styles = 5;

    private static readonly FindingKind[] s_kinds = [.. HoldOutWording.Words.Present.Keys];

    public WrittenReport Write(int style, int seed) => style switch
    {
        0 => Prose(new Random(seed)),
        1 => Organs(new Random(seed)),
        2 => Lists(new Random(seed)),
        _ => Phantom(seed, shuffle: style == 4),
    };

    /// <summary>Other words for a finding of the same style.</summary>
    public string? OtherWords(int style, DrawnFinding finding, string said)
    {
        var (prose, list, _) = words.Present[finding.Kind];
        return style > 2 ? null : (style == 2 ? list : prose).Select(finding.Fill).FirstOrDefault(other => other != said);
    }

    private WrittenReport Prose(Random random)
    {
        var findings = Draw(random);
        var sentences = findings.Select(finding => (finding.Fill(Pick(words.Present[finding.Kind].Prose, random)), (DrawnFinding?)finding))
            .Concat(Denied(findings, random).Select(kind => (Pick(words.Absent[kind].Prose, random), (DrawnFinding?)null)))
            .Concat(Some(words.ContextProse, 3, random).Select(sentence => (sentence, (DrawnFinding?)null))).ToArray();
        random.Shuffle(sentences);
        List<(string, DrawnFinding? Told)> all = [.. sentences];
        var later = new Random(findings.Sum(finding => finding.Image));
        foreach (var finding in findings.Where(_ => later.Next(3) == 0))
        {
            if (LaterMention.Of(finding, words, later) is { } again)
            {
                all.Insert(later.Next(all.FindIndex(item => item.Told == finding) + 1, all.Count + 1), (again, null));
            }
        }

        return new(all, Impression(findings, random, numbered: false), Lines: false);
    }

    /// <summary>Prose under headings, each on a line of its own.</summary>
    private WrittenReport Organs(Random random)
    {
        var prose = Prose(random);
        var sentences = new List<(string, DrawnFinding?)>();
        string[] headings = ["TECHNIQUE:", "LUNGS AND AIRWAYS:", "PLEURA:", "HEART AND MEDIASTINUM:", "UPPER ABDOMEN:", "BONES:"];
        foreach (var (heading, index) in headings.Select((heading, index) => (heading, index)))
        {
            sentences.Add((heading, null));
            var own = prose.Findings.Where((_, i) => i % headings.Length == index).ToList();
            sentences.AddRange(own.Count == 0 ? [("Unremarkable.", null)] : own);
        }

        return new(sentences, Impression([.. prose.Findings.Select(item => item.Told).OfType<DrawnFinding>()], random, numbered: true), Lines: true);
    }

    private WrittenReport Lists(Random random)
    {
        var findings = Draw(random);
        var lines = findings.Select(finding => ("- " + finding.Fill(Pick(words.Present[finding.Kind].List, random)), (DrawnFinding?)finding))
            .Concat(Denied(findings, random).Select(kind => ("- " + Pick(words.Absent[kind].List, random), (DrawnFinding?)null)))
            .Concat(Some(words.ContextList, 4, random).Select(sentence => ("- " + sentence, (DrawnFinding?)null))).ToArray();
        random.Shuffle(lines);
        return new(lines, Impression(findings, random, numbered: true), Lines: true);
    }

    /// <summary>Phantoms draw nodules of up to 45 mm and call them so, which a guard is to find: such cases are no sound reports.</summary>
    private static WrittenReport Phantom(int seed, bool shuffle)
    {
        var options = new PhantomCorpusOptions { Seed = seed, Count = 1, Size = (4, 8, 8), Shuffle = shuffle };
        options = options with { Findings = options.Findings with { Extended = shuffle } };
        var item = Enumerable.Range(0, 1000).Select(index => PhantomCorpus.Make(options, index).Item)
            .First(item => item.Details.All(detail => detail.Label != ChestLabels.LungNodule || detail.SizeMm <= 30));
        return new(Sentences(item.Findings!), Sentences(item.Impression!), Lines: false);
    }

    private static List<(string, DrawnFinding?)> Sentences(string text) => [.. text.Split(". ").Select(part => (part.TrimEnd('.') + ".", (DrawnFinding?)null))];

    private static List<DrawnFinding> Draw(Random random)
    {
        var kinds = Some(s_kinds, random.Next(0, 5), random).ToList();
        return [.. kinds.Select(kind => DrawnFinding.Draw(kind, random))];
    }

    private static IEnumerable<FindingKind> Denied(List<DrawnFinding> findings, Random random) =>
        Some([.. s_kinds.Where(kind => !findings.Exists(finding => finding.Kind == kind))], random.Next(3, 7), random);

    private List<(string, DrawnFinding?)> Impression(List<DrawnFinding> findings, Random random, bool numbered)
    {
        var told = findings.Select(finding => (finding.Fill(Pick(words.Present[finding.Kind].Short, random)), (DrawnFinding?)finding)).ToList();
        if (told.Count == 0)
        {
            told.Add((Pick(words.Conclusions, random), null));
        }
        else if (random.Next(2) == 0)
        {
            told.Add((Pick(words.Advice, random), null));
        }

        return [.. told.Select((item, index) => (numbered ? $"{index + 1}. {item.Item1}" : item.Item1 + ".", item.Item2))];
    }

    private static string Pick(string[] words, Random random) => words[random.Next(words.Length)];

    private static IEnumerable<T> Some<T>(T[] from, int count, Random random)
    {
        var shuffled = (T[])from.Clone();
        random.Shuffle(shuffled);
        return shuffled.Take(count);
    }
}
