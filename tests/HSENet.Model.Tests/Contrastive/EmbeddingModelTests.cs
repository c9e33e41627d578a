using System.Text.Json.Nodes;
using HSENet.Model.Tests.Facade;
using HSENet.Model.Tests.Vision;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Model.Tests.Contrastive;

/// <summary>Embeddings for retrieval, out of a directory of the golden contrastive weights.</summary>
public sealed class EmbeddingModelTests : IDisposable
{
    private const double Tolerance = 2e-5;

    private static readonly CtInput s_chest = SyntheticChest.Make(24, 48);

    private readonly GoldenClipDirectory _directory = new();
    private readonly GoldenFile _golden = GoldenFile.Open("clip_small");
    private readonly DisposeScope _scope = NewDisposeScope();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Report_becomes_the_golden_embedding_of_both_stages(int row)
    {
        var mask = _golden.Values<long>("in/attention_mask").Skip(row * 12).Take(12).ToArray();
        var ids = _golden.Values<long>("in/input_ids").Skip(row * 12).Take((int)mask.Sum()).ToArray();
        _directory.WriteVocabulary(ids[0], ids[^1]);
        using var model = EmbeddingModel.Load(_directory.Root, "cpu");

        var embedding = model.EmbedText($"({string.Join(' ', ids[1..^1].Select(id => GoldenClipDirectory.Word(id).ToUpperInvariant()))})");

        AssertClose(_golden.Tensor("out/stage1_text_features")[row, 0], embedding.Stage1);
        AssertClose(_golden.Tensor("out/stage2_text_features_cls")[row], embedding.Stage2);
    }

    [Fact]
    public void Volume_with_its_slice_features_becomes_the_golden_embedding_of_both_stages()
    {
        _directory.AddSliceEncoder();   // without one there is no guide, so no second stage
        using var model = EmbeddingModel.Load(_directory.Root, "cpu");
        using var quiet = inference_mode();
        for (var row = 0; row < 3; row++)
        {
            var embedding = model.Embed(_golden.Tensor("in/image").narrow(0, row, 1), _golden.Tensor("in/image_2d").narrow(0, row, 1), default);
            AssertClose(_golden.Tensor("out/stage1_image_features")[row, 0], embedding.Stage1);
            AssertClose(_golden.Tensor("out/stage2_image_features_cls")[row], embedding.Stage2);
        }
    }

    [Fact]
    public void Volume_is_embedded_in_stage_1_without_a_slice_encoder_and_in_both_stages_with_one()
    {
        using var towers = EmbeddingModel.Load(_directory.Root, "cpu");
        var alone = towers.EmbedVolume(s_chest);
        _directory.AddSliceEncoder();
        using var whole = EmbeddingModel.Load(_directory.Root, "cpu");
        var both = whole.EmbedVolume(s_chest);

        Assert.Null(alone.Stage2);
        Assert.Equal(alone.Stage1, both.Stage1);
        Assert.All(new[] { both.Stage1!, both.Stage2! }, vector => Assert.Equal(1, vector.Sum(x => (double)x * x), 1e-5));
        Assert.NotEqual(both.Stage2, whole.EmbedVolume(SyntheticChest.Make(24, 48, lesion: true)).Stage2);
    }

    [Fact]
    public void Reports_are_ranked_against_a_volume_by_the_cosine_of_stage_2_where_both_have_it()
    {
        _directory.AddSliceEncoder();
        using var model = EmbeddingModel.Load(_directory.Root, "cpu");
        var volume = model.EmbedVolume(s_chest);
        foreach (var text in new[] { "w33 w38", "w9 w13 w36", "w22" }.Select(model.EmbedText))
        {
            Assert.Equal(volume.Stage2!.Zip(text.Stage2!, (a, b) => (double)a * b).Sum(), volume.Similarity(text), 1e-9);
            Assert.Equal(volume.Stage1!.Zip(text.Stage1!, (a, b) => (double)a * b).Sum(), (volume with { Stage2 = null }).Similarity(text), 1e-9);
            Assert.InRange(volume.Similarity(text), -1, 1);
            Assert.Throws<InvalidOperationException>(() => (volume with { Stage2 = null }).Similarity(text with { Stage1 = null }));
        }

        Assert.Equal(1, volume.Similarity(volume), 1e-5);
    }

    [Fact]
    public void Long_report_keeps_its_first_sentence_and_is_embedded_the_same_each_time()
    {
        using var model = EmbeddingModel.Load(_directory.Root, "cpu");
        var report = string.Join(". ", Enumerable.Range(8, 30).Select(i => $"w{i} w{i} w{i}"));
        var first = model.EmbedText(report);
        model.EmbedText("w9");
        Assert.Equal(first.Stage1, model.EmbedText(report).Stage1);
        Assert.NotEqual(first.Stage1, model.EmbedText(report["w8 w8 w8. ".Length..]).Stage1);
    }

    [Fact]
    public void Stage_1_file_alone_gives_one_stage()
    {
        _directory.Edit(json =>
        {
            json["vision"]!["towers"] = "global";
            json["weights"]![0]!["prefix"] = "stage1_pretrained_CLIP.";
        });
        using var model = EmbeddingModel.Load(_directory.Root, "cpu");
        var (text, volume) = (model.EmbedText("w33"), model.EmbedVolume(s_chest));
        Assert.Equal((true, true), (text.Stage2 is null, volume.Stage2 is null));
        Assert.InRange(volume.Similarity(text), -1, 1);
    }

    [Fact]
    public void Missing_part_is_named_when_it_is_asked_for_and_the_rest_works()
    {
        _directory.Edit(json =>
        {
            json.AsObject().Remove("preprocessing");
            json["text"]!.AsObject().Remove("tokenizer");
        });
        using var model = EmbeddingModel.Load(_directory.Root, "cpu");
        Assert.Equal((false, false), (model.CanEmbedVolumes, model.CanEmbedTexts));
        AssertRefused("model.incomplete", "preprocessing", () => model.EmbedVolume(s_chest));
        AssertRefused("model.incomplete", "text.tokenizer", () => model.EmbedText("w9"));

        _directory.Edit(json => json["text"]!["tokenizer"] = "vocab.txt");
        using var texts = EmbeddingModel.Load(_directory.Root, "cpu");
        Assert.Equal((false, true), (texts.CanEmbedVolumes, texts.CanEmbedTexts));
        Assert.NotNull(texts.EmbedText("w9").Stage2);

        _directory.Edit(json => json["weights"] = new JsonArray());
        AssertRefused("model.incomplete", "clip", () => EmbeddingModel.Load(_directory.Root, "cpu"));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \n\t")]
    [InlineData("\"()'")]
    public void Text_that_is_none_is_refused(string text)
    {
        using var model = EmbeddingModel.Load(_directory.Root, "cpu");
        AssertRefused("model.input", "A text has", () => model.EmbedText(text));
        AssertRefused("model.input", "A text has", () => model.EmbedText(new string('x', 200_001)));
    }

    [Fact]
    public void Vocabulary_that_does_not_fit_the_text_encoder_is_refused_and_belongs_to_the_digest()
    {
        using var model = EmbeddingModel.Load(_directory.Root, "cpu");
        File.AppendAllText(Path.Combine(_directory.Root, "vocab.txt"), "more\n");
        AssertRefused("model.config", "41 ids", () => EmbeddingModel.Load(_directory.Root, "cpu"));
        _directory.WriteVocabulary(1, 10);
        using var other = EmbeddingModel.Load(_directory.Root, "cpu");
        Assert.NotEqual(model.Identity.Digest, other.Identity.Digest);
        File.Delete(Path.Combine(_directory.Root, "vocab.txt"));
        AssertRefused("model.file", "vocab.txt", () => EmbeddingModel.Load(_directory.Root, "cpu"));
    }

    [Fact]
    public void Damaged_contrastive_file_is_refused_whichever_side_is_used()
    {
        _directory.Edit(json => json["text"]!["intermediate"] = 65);
        AssertRefused("weights.shape", "language_encoder.encoder.layer.0.intermediate.dense", () => EmbeddingModel.Load(_directory.Root, "cpu"));
        _directory.Edit(json =>
        {
            json["text"]!["intermediate"] = 64;
            json["vision"]!["mlp"] = 97;
        });
        AssertRefused("weights.shape", "mlp.linear1", () => EmbeddingModel.Load(_directory.Root, "cpu"));
    }

    public void Dispose()
    {
        _scope.Dispose();
        _golden.Dispose();
        _directory.Dispose();
    }

    private static void AssertRefused(string code, string detail, Action act)
    {
        var refusal = Assert.Throws<HSENetModelException>(act);
        Assert.Equal(code, refusal.Code);
        Assert.Contains(detail, refusal.Message, StringComparison.Ordinal);
    }

    private static void AssertClose(Tensor expected, float[]? actual)
    {
        Assert.NotNull(actual);
        Assert.Equal(expected.numel(), actual.Length);
        Assert.All(expected.contiguous().data<float>().ToArray().Zip(actual), pair => Assert.Equal(pair.First, pair.Second, Tolerance));
    }
}
