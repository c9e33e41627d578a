using HSENet.Dicom.Phantoms;
using HSENet.Trainer.Data;
using HSENet.Trainer.Evaluation.Labels;
using HSENet.Trainer.Phantoms;

namespace HSENet.Trainer.Tests.Phantoms;

public sealed class PhantomReportTests
{
    private const int Count = 1500;

    /// <summary>Texts depend on the findings alone: the grid may be tiny.</summary>
    private static readonly PhantomCorpusOptions s_options = new() { Count = Count, Seed = 77, Size = (1, 1, 1), Findings = new() { Prevalence = 0.35, Extended = true } };

    private static readonly Lazy<IReadOnlyList<(PhantomCase Case, ManifestItem Item)>> s_made =
        new(() => [.. Enumerable.Range(0, Count).Select(i => PhantomCorpus.Make(s_options with { Shuffle = i % 2 == 1 }, i))]);

    [Fact]
    public void The_labeler_recovers_every_label_from_findings_and_from_impression()
    {
        foreach (var (_, item) in s_made.Value)
        {
            var truth = item.Labels.Where(label => label.Value).Select(label => label.Key).Order(StringComparer.Ordinal).ToArray();
            Assert.True(truth.SequenceEqual(ReportLabeler.Labels(item.Findings!).Order(StringComparer.Ordinal)), $"{string.Join(", ", truth)} <> {item.Findings}");
            Assert.True(truth.SequenceEqual(ReportLabeler.Labels(item.Impression!).Order(StringComparer.Ordinal)), $"{string.Join(", ", truth)} <> {item.Impression}");
        }
    }

    [Fact]
    public void The_labeler_recovers_every_side()
    {
        foreach (var (_, item) in s_made.Value)
        {
            foreach (var text in new[] { item.Findings!, item.Impression! })
            {
                var mentions = ReportLabeler.Mentions(text);
                foreach (var group in item.Details.Where(detail => detail.Side is not null).GroupBy(detail => detail.Label))
                {
                    var truth = group.Aggregate(Side.None, (side, detail) => side | Enum.Parse<Side>(detail.Side!, ignoreCase: true));
                    Assert.True(truth == ReportLabeler.Sides(mentions, group.Key), $"{group.Key} {truth} <> {text}");
                }
            }
        }
    }

    [Fact]
    public void Reports_tell_lobe_and_size()
    {
        foreach (var (drawn, item) in s_made.Value)
        {
            foreach (var nodule in drawn.Findings.Where(finding => finding.Kind == PhantomFindingKind.Nodule))
            {
                Assert.Contains($"{nodule.SizeMm} mm", item.Findings, StringComparison.Ordinal);
                Assert.Contains($"{nodule.Side.ToString().ToLowerInvariant()} {nodule.Lobe.ToString().ToLowerInvariant()} lobe", item.Findings, StringComparison.Ordinal);
                Assert.Contains($"{nodule.SizeMm} mm", item.Impression, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Every_wording_is_used_and_texts_are_varied()
    {
        var texts = s_made.Value.Select(made => made.Item.Findings!).ToArray();
        foreach (var phrase in Enum.GetValues<PhantomFindingKind>().SelectMany(PhantomPhrases.Absent).Concat(PhantomPhrases.Airway).Concat(PhantomPhrases.ClearPleura))
        {
            Assert.Contains(texts, text => text.Contains(phrase, StringComparison.Ordinal));
        }

        Assert.True(texts.Distinct(StringComparer.Ordinal).Count() > 0.98 * Count);
    }

    [Fact]
    public void Presence_questions_are_balanced_and_all_answers_true()
    {
        var questions = s_made.Value.SelectMany(made => made.Item.Questions.Select(question => (made.Case, made.Item, question))).ToArray();
        var presence = questions.Where(item => item.question.Kind == "presence").ToArray();
        Assert.Equal(presence.Count(item => item.question.Answer == "yes"), presence.Count(item => item.question.Answer == "no"));
        foreach (var (drawn, _, question) in questions)
        {
            var kind = Enum.GetValues<PhantomFindingKind>().Single(kind => FindingWords.Term(kind) == question.Abnormality);
            var there = drawn.Findings.Where(finding => finding.Kind == kind).ToArray();
            Assert.Contains(question.Abnormality!.TrimEnd('s'), question.Question, StringComparison.Ordinal);
            Assert.Equal(question.Answer, question.Kind switch
            {
                "presence" => there.Length > 0 ? "yes" : "no",
                "location" => FindingWords.Location(there[0]),
                "side" => there[0].Side.ToString().ToLowerInvariant(),
                "count" => $"{there.Length}",
                "size" => $"{there.Single().SizeMm} mm",
                "extent" => there.Single().Extent.ToString().ToLowerInvariant(),
                _ => "",
            });
        }

        Assert.Equal(6, questions.Select(item => item.question.Kind).Distinct().Count());
    }

    [Fact]
    public void Seeds_share_no_case()
    {
        var seeds = new[] { 0, 1, 2, int.MaxValue }.SelectMany(seed => Enumerable.Range(0, 1000).Select(i => PhantomCorpus.CaseSeed(seed, i)));
        Assert.Equal(4000, seeds.Distinct().Count());
        var (one, other) = (PhantomCorpus.Make(s_options, 3), PhantomCorpus.Make(s_options with { Seed = 78 }, 3));
        Assert.NotEqual(one.Item.Findings, other.Item.Findings);
    }

    [Fact]
    public void A_case_is_known_by_its_findings()
    {
        var core = Enumerable.Range(0, 200).Select(i => PhantomCorpus.Make(new() { Count = 200, Seed = 9, Size = (1, 1, 1) }, i).Item).ToArray();
        var alike = core.GroupBy(item => string.Join('|', item.Details)).Where(group => group.Count() > 1).Sum(group => group.Count());
        Assert.InRange(alike, 0, 0.35 * 200);
    }
}
