using System.Globalization;
using HSENet.Dicom.Phantoms;
using HSENet.Trainer.Data;
using HSENet.Trainer.DemoModels;
using static HSENet.Trainer.Phantoms.FindingWords;

namespace HSENet.Trainer.Phantoms;

/// <summary>Asks about what was drawn: presence with as many yes as no in every case, then location, side, size, extent and number of what is there.</summary>
/// <param name="random">Draws the wording and what is asked for in vain.</param>
/// <param name="kinds">What the corpus may hold.</param>
internal sealed class PhantomQuestions(SeededGenerator random, IReadOnlyList<PhantomFindingKind> kinds)
{
    private const int MostPresent = 3;

    public IReadOnlyList<QuestionAnswer> Ask(IReadOnlyList<PhantomFinding> findings)
    {
        var present = findings.Select(finding => finding.Kind).Distinct().ToList();
        var absent = kinds.Except(present).ToList();
        var count = Math.Min(MostPresent, Math.Min(present.Count, absent.Count));
        var questions = new List<QuestionAnswer>();
        for (var i = 0; i < count; i++)
        {
            questions.Add(Presence(Draw(present), "yes"));
            questions.Add(Presence(Draw(absent), "no"));
        }

        foreach (var group in findings.GroupBy(finding => finding.Kind))
        {
            questions.AddRange(About(group.Key, [.. group]));
        }

        return questions;
    }

    private IEnumerable<QuestionAnswer> About(PhantomFindingKind kind, PhantomFinding[] all)
    {
        var (first, term) = (all[0], Term(kind));
        if (all.Select(Location).Distinct(StringComparer.Ordinal).Count() == 1)
        {
            yield return new("location", Pick($"Where is the {term} located in the image?", $"In which part of the chest is the {term}?", $"What is the location of the {term}?"), Location(first), term);
        }

        if (first.Side != PhantomSide.None && kind != PhantomFindingKind.Emphysema && all.All(finding => finding.Side == first.Side))
        {
            yield return new("side", Pick($"On which side is the {term}?", $"Which side shows the {term}?"), Side(first.Side)!, term);
        }

        if (kind == PhantomFindingKind.Nodule)
        {
            yield return new("count", Pick("How many lung nodules are there?", "What is the number of lung nodules?"), all.Length.ToString(CultureInfo.InvariantCulture), term);
        }

        if (all.Length == 1 && kind is PhantomFindingKind.Nodule or PhantomFindingKind.GroundGlass)
        {
            yield return new("size", Pick($"What is the size of the {term}?", $"How large is the {term}?"), $"{first.SizeMm} mm", term);
        }

        if (first.Extent != PhantomExtent.None)
        {
            yield return new("extent", Pick($"Is the {term} small or moderate?", $"What is the extent of the {term}?"), Extent(first.Extent)!, term);
        }
    }

    private QuestionAnswer Presence(PhantomFindingKind kind, string answer)
    {
        var (term, article) = (Term(kind), IsCounted(kind) ? "a " : "");
        return new("presence", Pick($"Is there {article}{term}?", $"Does the image show {article}{term}?", $"Is {article}{term} present?"), answer, term);
    }

    private PhantomFindingKind Draw(List<PhantomFindingKind> from)
    {
        var kind = from[random.Next(from.Count)];
        from.Remove(kind);
        return kind;
    }

    private string Pick(params string[] phrases) => phrases[random.Next(phrases.Length)];
}
