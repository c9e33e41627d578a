using System.Text.Json;
using HSENet.TestKit;
using HSENet.Trainer.Evaluation.Contextual;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Trainer.Tests.Evaluation;

/// <summary>BERTScore with folders of the published names, made here.</summary>
public sealed class BertScorerTests : IDisposable
{
    private readonly TempFolder _folder = new("bertscore");
    private readonly DisposeScope _scope = NewDisposeScope();

    [Fact]
    public void Same_text_scores_one_and_another_one_less_with_either_encoder()
    {
        TinyBert.WriteBert(_folder.Path("bert"), TinyBert.Weights(12, 16, 2, 24, 32, 2), 2, 4);
        TinyBert.WriteRoberta(_folder.Path("roberta"), TinyBert.Weights(300, 16, 2, 24, 34, 1), 2, 4);
        foreach (var (name, expected) in new[] { ("bert", "BERTScore (bert 2x16, layer 2)"), ("roberta", "BERTScore (roberta 2x16, layer 2)") })
        {
            using var scorer = BertScorer.Open(_folder.Path(name));
            var scores = scorer.Score([("the lung is normal .", " the lung is normal .\n"), ("the heart is normal .", "nodule ."), ("", "nodule ."), ("nodule", "")]);
            Assert.Equal(expected, scores.Name);
            Assert.Equal(1, scores.Texts[0].F1, 6);
            Assert.InRange(scores.Texts[1].F1, -1, 0.99);
            Assert.Equal(default, scores.Texts[2]);
            Assert.Equal(default, scores.Texts[3]);
            Assert.Equal(scores.Texts.Average(text => text.F1), scores.F1, 12);
            Assert.Null(scores.RescaledF1);
        }
    }

    [Fact]
    public void Roberta_is_bert_with_its_positions_after_the_padding()
    {
        // the same numbers in both folders: RoBERTa's position table begins with two rows that no text uses
        var roberta = TinyBert.Weights(300, 16, 2, 24, 34, 1);
        TinyBert.WriteRoberta(_folder.Path("roberta"), roberta, 2, 4);
        var bert = new Dictionary<string, Tensor>(roberta, StringComparer.Ordinal)
        {
            ["embeddings.position_embeddings.weight"] = roberta["embeddings.position_embeddings.weight"].narrow(0, 2, 32).clone(),
        };
        TinyBert.WriteBert(_folder.Path("bert"), bert, 2, 4);
        using var one = BertScorer.Open(_folder.Path("roberta"));
        using var other = BertScorer.Open(_folder.Path("bert"));
        long[] ids = [0, 270, 271, 280, 2];
        Assert.All(one.Encode(ids).Zip(other.Encode(ids)), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
        Assert.NotEqual(one.Encode([0, 270, 2]), one.Encode([0, 271, 2]));
    }

    [Fact]
    public void Words_of_roberta_are_written_with_the_blank_before_them_and_long_texts_are_cut()
    {
        TinyBert.WriteRoberta(_folder.Path("roberta"), TinyBert.Weights(300, 16, 1, 24, 10, 1), 1, 4);
        var config = BertConfig.Read(Path.Combine(_folder.Path("roberta"), "config.json"));
        Assert.Equal(8, config.LongestText);
        var tokens = BertTokens.Open(_folder.Path("roberta"), config);
        var the = Id("\u0120the");
        Assert.Equal([0, the, Id("\u0120lung"), 2], tokens.Ids("the lung"));
        Assert.Equal([0, the, the, the, the, the, the, 2], tokens.Ids(string.Concat(Enumerable.Repeat("the ", 20))));
        Assert.Equal([0, 2], tokens.Ids("  "));

        long Id(string token)
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(_folder.Path("roberta"), "vocab.json")));
            return json.RootElement.GetProperty(token).GetInt64();
        }
    }

    [Fact]
    public void Of_bert_base_only_the_nine_layers_that_are_scored_are_loaded()
    {
        var weights = TinyBert.Weights(12, 768, 12, 8, 16, 2);
        TinyBert.WriteBert(_folder.Path("base"), weights, 12, 12);
        using var scorer = BertScorer.Open(_folder.Path("base"));
        Assert.Equal("BERTScore (bert-base-uncased, layer 9)", scorer.Name);
        var score = scorer.Score([("the lung", "the lung")]);
        Assert.Equal(1, score.F1, 5);
        Assert.Equal(1, score.RescaledF1!.Value, 4);

        var before = scorer.Encode([2, 5, 6, 3]);
        weights["encoder.layer.9.output.dense.bias"].add_(1);   // above: changes nothing
        TinyBert.WriteBert(_folder.Path("above"), weights, 12, 12);
        using (var above = BertScorer.Open(_folder.Path("above")))
        {
            Assert.Equal(before, above.Encode([2, 5, 6, 3]));
        }

        weights["encoder.layer.8.output.dense.bias"].add_(randn([768]));
        TinyBert.WriteBert(_folder.Path("within"), weights, 12, 12);
        using var within = BertScorer.Open(_folder.Path("within"));
        Assert.NotEqual(before, within.Encode([2, 5, 6, 3]));
    }

    [Fact]
    public void Folder_that_does_not_fit_is_refused_and_the_command_gives_the_keys()
    {
        Directory.CreateDirectory(_folder.Path("empty"));
        File.WriteAllText(_folder.Path("r.jsonl"), """{"id": 1, "text": "the lung is normal ."}""" + "\n");
        Score("empty").Refused("bertscore.format", "config.json");
        File.WriteAllText(Path.Combine(_folder.Path("empty"), "config.json"), """{"model_type": "gpt2"}""");
        Score("empty").Refused("bertscore.unsupported", "gpt2");

        var weights = TinyBert.Weights(12, 16, 2, 24, 32, 2);
        TinyBert.WriteBert(_folder.Path("bert"), weights, 2, 4);
        Score("bert").Done();
        using (var json = JsonDocument.Parse(File.ReadAllText(_folder.Path("out.json"))))
        {
            Assert.Equal(1, json.RootElement.GetProperty("bertscore").GetDouble(), 6);
            Assert.Equal("BERTScore (bert 2x16, layer 2)", json.RootElement.GetProperty("bertscore_name").GetString());
            Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("bertscore_rescaled").ValueKind);
        }

        weights.Remove("encoder.layer.1.output.dense.bias");
        TinyBert.WriteBert(_folder.Path("lacking"), weights, 2, 4);
        Score("lacking").Refused("weights.missing", "encoder.layer.1.output.dense.bias");
        File.WriteAllText(Path.Combine(_folder.Path("bert"), "tokenizer_config.json"), """{"do_lower_case": false}""");
        Score("bert").Refused("bertscore.unsupported", "cased");
    }

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    private TrainerRun Score(string encoder) => TrainerRun.Of(
        "score", "--references", _folder.Path("r.jsonl"), "--candidates", _folder.Path("r.jsonl"), "--bertscore", _folder.Path(encoder), "--out", _folder.Path("out.json"));
}
