using System.Text.Json;
using HSENet.Model.Text;
using HSENet.Trainer.Data;
using HSENet.Trainer.Pretraining;

namespace HSENet.Trainer.Tests.Data;

/// <summary>Reports on their way to the text encoder (hsenet.md 3.5), with the published vocabulary as far as the golden texts need it.</summary>
public sealed class ReportBatchTests
{
    private const int Budget = 512;

    private static readonly Lazy<WordPieceTokenizer> s_bert = new(() =>
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "data", "tokenizers", "bert.json")));
        return new WordPieceTokenizer(document.RootElement.GetProperty("pieces").Deserialize<Dictionary<string, int>>()!);
    });

    [Fact]
    public void Ids_and_mask_of_a_batch_are_the_golden_ones_padded()
    {
        var golden = GoldenText.Section("tokenizers", "bert_base_uncased").GetProperty("cases").EnumerateArray()
            .Select(item => (Text: item[0].GetString()!, Ids: item[1].Deserialize<long[]>()!))
            .Where(item => item.Text.Trim().Length > 0 && ReportText.Clean(item.Text) == item.Text && !item.Text.Contains('[', StringComparison.Ordinal)).ToList();
        Assert.InRange(golden.Count, 3, 100);
        var (ids, mask) = Texts().Batch([.. golden.Select((item, i) => Case($"case-{i}", item.Text))], new Random(1));
        using (ids)
        using (mask)
        {
            var longest = golden.Max(item => item.Ids.Length);
            Assert.Equal([golden.Count, longest], ids.shape);
            for (var i = 0; i < golden.Count; i++)
            {
                var padding = new long[longest - golden[i].Ids.Length];
                Assert.Equal([.. golden[i].Ids, .. padding], ids[i].contiguous().data<long>().ToArray());
                Assert.Equal([.. golden[i].Ids.Select(_ => 1L), .. padding], mask[i].contiguous().data<long>().ToArray());
            }
        }
    }

    [Fact]
    public void A_report_over_the_budget_is_made_of_its_first_sentence_and_others_in_drawing_order()
    {
        string[] words = ["heart", "lung", "size", "normal", "left"];
        var random = new Random(3);
        var sentences = Enumerable.Range(0, 80).Select(i => string.Join(' ', Enumerable.Range(0, 9).Select(_ => words[random.Next(words.Length)]))).Distinct().ToList();
        var report = string.Join('.', sentences);
        var orders = new HashSet<string>();
        for (var seed = 0; seed < 5; seed++)
        {
            var ids = Texts().Encode(report, new Random(seed));
            Assert.Equal(ids, Texts().Encode(report, new Random(seed)));
            Assert.Equal((101L, 102L), (ids[0], ids[^1]));
            Assert.InRange(ids.Count, Budget - 60, Budget);
            Assert.Equal([101, .. s_bert.Value.Encode(sentences[0] + ".")], ids.Take(11));
            var text = s_bert.Value.Decode(ids);
            var kept = text.Split(" . ");
            Assert.All(kept, sentence => Assert.Contains(sentence, sentences));
            Assert.Equal(kept.Length, kept.Distinct().Count());
            orders.Add(text);
        }

        Assert.Equal(5, orders.Count);
        Assert.Contains(orders, text => text != s_bert.Value.Decode(s_bert.Value.Encode(report).Take(Budget)));
    }

    [Fact]
    public void What_has_no_sentences_is_cut_and_ends_with_the_separator()
    {
        var ids = Texts().Encode(string.Concat(Enumerable.Repeat("heart ", 600)), new Random(1));
        Assert.Equal([101, .. Enumerable.Repeat(2540L, Budget - 2), 102], ids);
    }

    [Fact]
    public void Evaluation_always_draws_the_same_sentences()
    {
        var report = string.Join('.', Enumerable.Range(0, 200).Select(i => $"heart {i} lung"));
        Assert.Equal(42, ReportText.EvaluationSeed);
        Assert.Equal(Texts().Encode(report, ReportText.ForEvaluation()), Texts().Encode(report, ReportText.ForEvaluation()));
    }

    private static ContrastiveTexts Texts() => new(s_bert.Value, PretrainingText.Findings, Budget);

    private static TrainingCase Case(string id, string findings) => new(new() { Id = id, Volume = "x", Findings = findings }, [], null);
}
