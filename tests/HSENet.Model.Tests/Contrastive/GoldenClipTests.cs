using HSENet.Model.Contrastive;
using HSENet.Model.Tests.Vision;
using HSENet.Model.Vision;
using HSENet.Model.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Model.Tests.Contrastive;

/// <summary>Both contrastive models against the reference's numbers.</summary>
public sealed class GoldenClipTests
{
    [Fact]
    public void Stage_1_model_gives_the_golden_text_and_image_features_and_logits()
    {
        using var golden = GoldenFile.Open("clip_small");
        using var scope = NewDisposeScope();
        using var guard = inference_mode();
        var model = GoldenClip.Load(golden, "stage1/", guide: null);

        var hidden = model.TextEncoder.call(golden.Tensor("in/input_ids"), golden.Tensor("in/attention_mask"));
        var texts = model.EncodeText(golden.Tensor("in/input_ids"), golden.Tensor("in/attention_mask"));
        var images = model.EncodeImage(golden.Tensor("in/image"));

        GoldenTowerTests.AssertClose(golden, "out/stage1_text_hidden", hidden);
        GoldenTowerTests.AssertClose(golden, "out/stage1_text_features", texts);
        GoldenTowerTests.AssertClose(golden, "out/stage1_image_features", images.Tokens);
        Assert.Null(images.PatchScores);
        GoldenTowerTests.AssertClose(golden, "out/stage1_logits", Returned(model.Logits(VisionTokens.Cls(images.Tokens), VisionTokens.Cls(texts))));
    }

    [Fact]
    public void Stage_2_model_gives_the_golden_features_and_logits()
    {
        using var golden = GoldenFile.Open("clip_small");
        using var scope = NewDisposeScope();
        using var guard = inference_mode();
        var model = GoldenClip.Load(golden, "stage2/", PatchGuide.Slices);

        var texts = VisionTokens.Cls(model.EncodeText(golden.Tensor("in/input_ids"), golden.Tensor("in/attention_mask")));
        var images = VisionTokens.Cls(model.EncodeImage(golden.Tensor("in/image"), golden.Tensor("in/image_2d")).Tokens);

        GoldenTowerTests.AssertClose(golden, "out/stage2_text_features_cls", texts);
        GoldenTowerTests.AssertClose(golden, "out/stage2_image_features_cls", images);
        GoldenTowerTests.AssertClose(golden, "out/stage2_logits", Returned(model.Logits(images, texts)));
    }

    [Fact]
    public void Logit_scale_is_a_plain_factor()
    {
        using var golden = GoldenFile.Open("clip_small");
        using var scope = NewDisposeScope();
        using var guard = inference_mode();
        Assert.Equal(3.25f, GoldenClip.Load(golden, "stage1/", null).LogitScale.item<float>());
        Assert.Equal(4.5f, GoldenClip.Load(golden, "stage2/", PatchGuide.Slices).LogitScale.item<float>());
        var fresh = new ClipModel(Vit3DConfig.Tiny, null, TextEncoderConfig.Tiny);
        Assert.Equal(Math.Log(1 / 0.07), fresh.LogitScale.item<float>(), 1e-6);
        var unit = eye(2, Vit3DConfig.Tiny.Hidden);
        Assert.Equal(fresh.LogitScale.item<float>(), fresh.Logits(unit, unit)[0, 0].item<float>());
    }

    [Fact]
    public void Gradients_reach_every_weight_of_a_stage_2_model()
    {
        using var scope = NewDisposeScope();
        manual_seed(2);
        var model = new ClipModel(Vit3DConfig.Tiny, PatchGuide.Slices, TextEncoderConfig.Tiny);
        var images = VisionTokens.Cls(model.EncodeImage(rand([2, 1, 8, 32, 64], ScalarType.Float32), rand([2, 5, 32], ScalarType.Float32)).Tokens);
        var texts = VisionTokens.Cls(model.EncodeText(tensor(new long[] { 1, 2, 3, 1, 5, 0 }, 2, 3), tensor(new long[] { 1, 1, 1, 1, 1, 0 }, 2, 3)));
        nn.functional.cross_entropy(model.Logits(images, texts), arange(2, ScalarType.Int64)).backward();
        Assert.All(model.named_parameters(), item => Assert.True(item.parameter.grad is { } grad && grad.isfinite().all().item<bool>(), item.name));
    }

    /// <summary>The authors' models return the mean of image-to-text and text-to-image logits.</summary>
    private static Tensor Returned(Tensor logits) => (logits + logits.t()) / 2;
}
