using HSENet.Model.Vision;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Model.Tests.Vision;

/// <summary>The packer and its attention against the reference's numbers, for the windows behind all four point configurations.</summary>
public sealed class GoldenPackerTests
{
    private static readonly int[] s_four = [1, 4, 4];

    [Theory]
    [InlineData("1_4_4")]
    [InlineData("2_2_2")]
    [InlineData("2_4_4")]
    [InlineData("1_8_6")]
    public void Window_attention_gives_the_golden_centroids_probabilities_and_answers(string kernel)
    {
        using var golden = GoldenFile.Open("packer_attention_small");
        var config = golden.Metadata("config");
        var (grid, hidden) = (GoldenTowerTests.Sizes(config, "grid"), GoldenTowerTests.Size(config, "hidden"));
        using var scope = NewDisposeScope();
        using var guard = inference_mode();
        var attention = new SingleHeadAttention(hidden);
        golden.LoadWeights(attention);
        attention.eval();
        var packer = new SpatialPacker(PackerConfig(grid, kernel, hidden, 8));

        var windows = PatchWindows.Group(golden.Tensor("in/hr_grid").reshape(2, -1, hidden), packer.Config);   // [2 * tokens, window, hidden]
        var centroids = windows.mean([1], keepdim: true);                                   // [2 * tokens, 1, hidden]
        var answers = attention.call(centroids, windows, null);                               // [2 * tokens, 1, hidden]

        GoldenTowerTests.AssertClose(golden, $"out/lr_{kernel}", centroids.reshape(golden.Shape($"out/lr_{kernel}")));
        GoldenTowerTests.AssertClose(
            golden, $"out/attn_{kernel}", attention.Probabilities(centroids, windows).reshape(golden.Shape($"out/attn_{kernel}")));
        GoldenTowerTests.AssertClose(golden, $"out/y_{kernel}", answers.reshape(2, -1, hidden));
    }

    [Fact]
    public void Packer_gives_the_golden_tokens_on_every_step()
    {
        using var golden = GoldenFile.Open("packer_small");
        using var scope = NewDisposeScope();
        using var guard = inference_mode();
        var packer = Packer(golden, "1_4_4");
        Assert.Equal(s_four, GoldenTowerTests.Sizes(golden.Metadata("config"), "kernel"));
        using var recorder = new ForwardRecorder(packer, "resolution_attention.norm", "proj_mpls");

        var tokens = packer.call(golden.Tensor("in/patch_features"));

        GoldenTowerTests.AssertClose(
            golden, "out/pre_norm", recorder.Input("resolution_attention.norm").reshape(golden.Shape("out/pre_norm")));
        GoldenTowerTests.AssertClose(golden, "out/centroids", recorder.Input("proj_mpls"));
        GoldenTowerTests.AssertClose(golden, "out/visual_tokens", tokens);
    }

    [Theory]
    [InlineData("1_4_4")]
    [InlineData("2_2_2")]
    [InlineData("2_4_4")]
    [InlineData("1_8_8")]
    public void Packer_gives_the_golden_tokens_for_each_window(string kernel)
    {
        using var golden = GoldenFile.Open("packer_small");
        using var scope = NewDisposeScope();
        using var guard = inference_mode();

        var tokens = Packer(golden, kernel).call(golden.Tensor("in/patch_features"));

        GoldenTowerTests.AssertClose(golden, $"out/variant_{kernel}", tokens);
    }

    private static SpatialPacker Packer(GoldenFile golden, string kernel)
    {
        var config = golden.Metadata("config");
        var packer = new SpatialPacker(PackerConfig(
            GoldenTowerTests.Sizes(config, "grid"), kernel, GoldenTowerTests.Size(config, "hidden"), GoldenTowerTests.Size(config, "out_dim")));
        golden.LoadWeights(packer);
        return packer;
    }

    private static SpatialPackerConfig PackerConfig(int[] grid, string kernel, int hidden, int outWidth)
    {
        var window = kernel.Split('_').Select(int.Parse).ToArray();
        return new SpatialPackerConfig(
            (grid[0], grid[1], grid[2]), (grid[0] / window[0], grid[1] / window[1], grid[2] / window[2]), hidden, outWidth);
    }
}
