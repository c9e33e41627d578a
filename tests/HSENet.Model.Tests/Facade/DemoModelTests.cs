using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Model.Tests.Facade;

/// <summary>An untrained model is the real network: what goes in decides what comes out.</summary>
public sealed class DemoModelTests(DemoModelFixture fixture) : IClassFixture<DemoModelFixture>
{
    private static readonly CtInput s_plain = SyntheticChest.Make(32, 64);
    private static readonly CtInput s_other = SyntheticChest.Make(40, 72, 0.25, lesion: true);

    [Fact]
    public void Identity_names_the_model_as_an_untrained_demonstration()
    {
        var identity = fixture.Model.Identity;
        Assert.Equal("demonstration", identity.Purpose);
        Assert.Contains("untrained", identity.Version, StringComparison.Ordinal);
        Assert.Equal("demonstration model, untrained, not for clinical use", identity.Warning);
        Assert.Matches("^[0-9a-f]{64}$", identity.Digest);
    }

    [Fact]
    public void Report_has_text_scores_and_times_and_its_stages_come_in_order()
    {
        var stages = new List<ModelStage>();
        var report = fixture.Model.Generate(s_plain, new Recorder(stages), TestContext.Current.CancellationToken);

        Assert.NotEmpty(report.Findings);
        Assert.NotEqual(FinishReason.Stop, report.FinishReason);          // never trained to stop: the draft stays partial
        Assert.InRange(report.Tokens, 1, 64);
        Assert.Equal([ModelStage.Preprocess, ModelStage.Encode, ModelStage.Prefill, ModelStage.Decode], stages);
        Assert.All(
            [report.Seconds.Preprocess, report.Seconds.Encode, report.Seconds.Prefill, report.Seconds.Decode],
            seconds => Assert.InRange(seconds, 1e-6, 300));
        Assert.Equal((8, 8, 8), Assert.IsType<PatchScoreMap>(report.PatchScores).Grid);
    }

    [Fact]
    public void Text_is_made_of_meaningless_syllables() =>
        Assert.Matches(@"^[kvzrljwaou. ]+$", fixture.Model.Generate(s_plain, null, TestContext.Current.CancellationToken).Findings);

    [Fact]
    public void Same_volume_gives_the_same_report()
    {
        var first = fixture.Model.Generate(s_plain, null, TestContext.Current.CancellationToken);
        var second = fixture.Model.Generate(s_plain, null, TestContext.Current.CancellationToken);
        Assert.Equal(first.Findings, second.Findings);
        Assert.Equal(Scores(first), Scores(second));
    }

    [Fact]
    public void Another_volume_changes_the_scores_the_logits_and_the_text()
    {
        using var scope = NewDisposeScope();
        var (plain, other) = (fixture.Model.Encode(s_plain), fixture.Model.Encode(s_other));
        Assert.InRange((plain.PatchScores! - other.PatchScores!).abs().max().item<float>(), 0.05f, 1);
        Assert.InRange((fixture.Model.FirstLogits(plain.Tokens) - fixture.Model.FirstLogits(other.Tokens)).abs().max().item<float>(), 0.5f, 1000);
        Assert.NotEqual(
            fixture.Model.Generate(s_plain, null, TestContext.Current.CancellationToken).Findings,
            fixture.Model.Generate(s_other, null, TestContext.Current.CancellationToken).Findings);
    }

    [Fact]
    public void A_lesion_alone_changes_the_logits()
    {
        using var scope = NewDisposeScope();
        var with = fixture.Model.FirstLogits(fixture.Model.Encode(SyntheticChest.Make(32, 64, lesion: true)).Tokens);
        var without = fixture.Model.FirstLogits(fixture.Model.Encode(s_plain).Tokens);
        Assert.InRange((with - without).abs().max().item<float>(), 0.01f, 1000);
    }

    [Fact]
    public void Zeroed_visual_tokens_change_the_logits()
    {
        using var scope = NewDisposeScope();
        var visual = fixture.Model.Encode(s_plain).Tokens;                                             // [1, 256, 128]
        Assert.Equal([1L, 256, 128], visual.shape);
        var difference = (fixture.Model.FirstLogits(visual) - fixture.Model.FirstLogits(zeros_like(visual))).abs();
        Assert.InRange(difference.max().item<float>(), 1, 1000);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(128)]
    public void Tokens_of_each_tower_reach_the_language_model(int start)
    {
        using var scope = NewDisposeScope();
        var visual = fixture.Model.Encode(s_plain).Tokens;                                             // [1, 256, 128]
        var without = visual.clone();
        without.narrow(1, start, 128).zero_();
        Assert.InRange((fixture.Model.FirstLogits(visual) - fixture.Model.FirstLogits(without)).abs().max().item<float>(), 0.1f, 1000);
    }

    [Fact]
    public void Scores_spread_over_the_volume()
    {
        using var scope = NewDisposeScope();
        var scores = fixture.Model.Encode(s_plain).PatchScores!;                                        // [1, 512]
        Assert.InRange(scores.std().item<float>(), 0.05f, 0.5f);
        Assert.InRange(scores.min().item<float>(), 0, 1);
        Assert.InRange(scores.max().item<float>(), 0, 1);
    }

    private static float[] Scores(GeneratedReport report) =>
        [.. from d in Enumerable.Range(0, 8) from h in Enumerable.Range(0, 8) from w in Enumerable.Range(0, 8) select report.PatchScores![d, h, w]];

    private sealed class Recorder(List<ModelStage> stages) : IProgress<ModelStage>
    {
        public void Report(ModelStage value) => stages.Add(value);
    }
}
