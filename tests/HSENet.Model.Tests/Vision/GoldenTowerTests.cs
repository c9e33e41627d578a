using System.Text.Json;
using HSENet.Model.Vision;
using static TorchSharp.torch;

namespace HSENet.Model.Tests.Vision;

/// <summary>Both towers against the reference's numbers (golden/README.md: float32 noise is at most 2e-6).</summary>
public sealed class GoldenTowerTests
{
    private const double Tolerance = 2e-5;

    [Fact]
    public void Stage_1_tower_gives_the_golden_tokens()
    {
        using var golden = GoldenFile.Open("vit_stage1_small");
        using var scope = NewDisposeScope();
        using var guard = inference_mode();
        var tower = new VisionEncoder3D(Config(golden));
        golden.LoadWeights(tower);
        using var recorder = new ForwardRecorder(tower, "patch_embedding", "patch_embedding.patch_embeddings", "blocks.0", "blocks.1");

        var last = tower.call(golden.Tensor("in/image"));

        Assert.Equal(0, golden.Difference("out/patch_flat", recorder.Input("patch_embedding.patch_embeddings")));
        AssertClose(golden, "out/patch_embedding", recorder.Output("patch_embedding"));
        AssertClose(golden, "out/hidden_0", recorder.Output("blocks.0"));
        AssertClose(golden, "out/hidden_1", recorder.Output("blocks.1"));
        AssertClose(golden, "out/last", last);
        AssertClose(golden, "out/vlm_patch_features", VisionTokens.Patches(last));
    }

    [Fact]
    public void Slice_guided_tower_gives_the_golden_scores_and_tokens()
    {
        using var golden = GoldenFile.Open("vit_2e3_small");
        using var scope = NewDisposeScope();
        using var guard = inference_mode();
        var tower = new SliceGuidedEncoder3D(Config(golden));
        golden.LoadWeights(tower);
        using var recorder = new ForwardRecorder(
            tower, "patch_embedding", "slice_guided_attention", "patch_score_proj", "blocks.0", "blocks.1");

        var output = tower.call(golden.Tensor("in/image"), golden.Tensor("in/image_2d"));

        AssertClose(golden, "out/patch_embedding", recorder.Output("patch_embedding"));
        AssertClose(golden, "out/attention_probs", tower.SliceProbabilities(golden.Tensor("in/image"), golden.Tensor("in/image_2d")));
        AssertClose(golden, "out/attention_features", recorder.Output("slice_guided_attention"));
        AssertClose(golden, "out/score_logits", recorder.Output("patch_score_proj"));
        AssertClose(golden, "out/patch_scores", output.PatchScores);
        AssertClose(golden, "out/block0_input", recorder.Input("blocks.0"));
        AssertClose(golden, "out/hidden_0", recorder.Output("blocks.0"));
        AssertClose(golden, "out/hidden_1", recorder.Output("blocks.1"));
        AssertClose(golden, "out/last", output.Tokens);
        AssertClose(golden, "out/vlm_patch_features", VisionTokens.Patches(output.Tokens));
    }

    internal static void AssertClose(GoldenFile golden, string name, Tensor actual) =>
        Assert.True(golden.Difference(name, actual) <= Tolerance, $"{name} differs by {golden.Difference(name, actual):E2}");

    private static Vit3DConfig Config(GoldenFile golden)
    {
        var config = golden.Metadata("config");
        int[] image = Sizes(config, "img_size"), patch = Sizes(config, "patch_size");
        return new Vit3DConfig(
            image[0], image[1], image[2], patch[0], patch[1], patch[2],
            Size(config, "hidden_size"), Size(config, "num_layers"), Size(config, "num_heads"), Size(config, "mlp_dim"));
    }

    internal static int Size(JsonElement config, string key) => config.GetProperty(key).GetInt32();

    internal static int[] Sizes(JsonElement config, string key) => [.. config.GetProperty(key).EnumerateArray().Select(e => e.GetInt32())];
}
