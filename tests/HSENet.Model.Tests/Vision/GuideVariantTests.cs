using HSENet.Model.Contrastive;
using HSENet.Model.Vision;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Model.Tests.Vision;

/// <summary>What may score the patches: slices, the text's CLS, all of the text, or nothing.</summary>
public sealed class GuideVariantTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly Tensor _volume;

    public GuideVariantTests()
    {
        manual_seed(9);
        _volume = rand([2, 1, 8, 32, 64], ScalarType.Float32);
    }

    [Theory]
    [InlineData(32)]
    [InlineData(1)]
    [InlineData(7)]
    public void Guide_of_any_length_scores_every_patch(int length)
    {
        var tower = new SliceGuidedEncoder3D(Vit3DConfig.Tiny);
        var output = tower.Encode(_volume, randn([2, length, 32], ScalarType.Float32), null);
        Assert.Equal([2, 16], output.PatchScores.shape);
        Assert.Equal([2, 17, 32], output.Tokens.shape);
        output.Tokens.square().sum().backward();
        Assert.All(tower.named_parameters(), item => Assert.True(item.parameter.grad is { } grad && grad.isfinite().all().item<bool>(), item.name));
    }

    [Fact]
    public void Padding_of_a_text_does_not_change_the_scores()
    {
        using var guard = inference_mode();
        var tower = new SliceGuidedEncoder3D(Vit3DConfig.Tiny);
        var text = randn([2, 6, 32], ScalarType.Float32);
        var mask = tensor(new long[] { 1, 1, 1, 1, 0, 0, 1, 1, 1, 1, 0, 0 }, 2, 6);
        var padded = tower.Encode(_volume, text, mask);
        var cut = tower.Encode(_volume, text.narrow(1, 0, 4), null);
        Assert.True((padded.PatchScores - cut.PatchScores).abs().max().item<float>() < 1e-6);
        Assert.True((padded.Tokens - tower.Encode(_volume, text, null).Tokens).abs().max().item<float>() > 1e-6);
    }

    [Fact]
    public void Order_of_the_guide_does_not_change_the_scores()
    {
        using var guard = inference_mode();
        var tower = new SliceGuidedEncoder3D(Vit3DConfig.Tiny);
        var slices = randn([2, 5, 32], ScalarType.Float32);
        Assert.True((tower.Encode(_volume, slices, null).PatchScores - tower.Encode(_volume, slices.flip(1), null).PatchScores).abs().max().item<float>() < 1e-6);
    }

    [Fact]
    public void Single_text_feature_scores_patches_by_their_own_query()
    {
        using var guard = inference_mode();
        var tower = new SliceGuidedEncoder3D(Vit3DConfig.Tiny);
        var cls = randn([2, 1, 32], ScalarType.Float32);
        Assert.Equal(1, tower.SliceProbabilities(_volume, cls).min().item<float>());
        var scores = tower.Encode(_volume, cls, null).PatchScores;
        Assert.True((scores.amax([1]) - scores.amin([1])).min().item<float>() > 1e-4);
        Assert.True((scores - tower.Encode(_volume, cls + 1, null).PatchScores).abs().max().item<float>() > 1e-4);
    }

    [Fact]
    public void Stage_2_without_guide_is_a_plain_tower_with_the_names_of_stage_1()
    {
        var plain = new ClipModel(Vit3DConfig.Tiny, PatchGuide.None, TextEncoderConfig.Tiny);
        var stage1 = new ClipModel(Vit3DConfig.Tiny, null, TextEncoderConfig.Tiny);
        Assert.Equal(stage1.state_dict().Keys.Order(StringComparer.Ordinal), plain.state_dict().Keys.Order(StringComparer.Ordinal));
        Assert.Null(plain.EncodeImage(_volume).PatchScores);
        Assert.Throws<ArgumentException>(() => plain.EncodeImage(_volume, randn([2, 4, 32], ScalarType.Float32)));
        Assert.Throws<ArgumentException>(() => new ClipModel(Vit3DConfig.Tiny, PatchGuide.Text, TextEncoderConfig.Tiny).EncodeImage(_volume));
    }

    [Fact]
    public void Text_of_the_stage_1_model_can_guide_the_tower()
    {
        using var guard = inference_mode();
        var teacher = new ClipModel(Vit3DConfig.Tiny, null, TextEncoderConfig.Tiny);
        var student = new ClipModel(Vit3DConfig.Tiny, PatchGuide.Text, TextEncoderConfig.Tiny);
        var mask = tensor(new long[] { 1, 1, 1, 1, 1, 0 }, 2, 3);
        var text = teacher.EncodeText(tensor(new long[] { 1, 2, 3, 1, 4, 0 }, 2, 3), mask);
        var image = student.EncodeImage(_volume, text, mask);
        Assert.Equal([2, 16], image.PatchScores!.shape);
        Assert.True((image.Tokens.square().sum([-1]) - 1).abs().max().item<float>() < 1e-5);
    }

    public void Dispose() => _scope.Dispose();
}
