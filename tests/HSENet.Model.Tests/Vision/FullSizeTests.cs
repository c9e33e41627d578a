using System.Text.Json;
using HSENet.Model.Vision;
using static TorchSharp.torch;

namespace HSENet.Model.Tests.Vision;

/// <summary>The modules at full size have the names and shapes of the published files: weights load by name.</summary>
public sealed class FullSizeTests
{
    [Fact]
    public void Stage_1_tower_has_the_published_names_shapes_and_parameter_count()
    {
        using var tower = new VisionEncoder3D(Vit3DConfig.Full);
        AssertState("vision_tower_stage1", tower, 87_389_184);
    }

    [Fact]
    public void Slice_guided_tower_has_the_published_names_shapes_and_parameter_count()
    {
        using var tower = new SliceGuidedEncoder3D(Vit3DConfig.Full);
        AssertState("vision_tower_2e3", tower, 89_753_857);
    }

    [Fact]
    public void Packer_has_the_published_names_shapes_and_parameter_count()
    {
        using var packer = new SpatialPacker(SpatialPackerConfig.Full);
        AssertState("packer", packer, 14_166_528);
    }

    [Fact]
    public void Slice_encoder_has_the_150_tensors_of_the_published_trunk()
    {
        using var encoder = new SliceEncoder2D(SliceEncoderConfig.Full);
        var state = encoder.state_dict();
        Assert.Equal(150, state.Count);
        Assert.Equal(new long[] { 768, 3, 16, 16 }, state["patch_embed.proj.weight"].shape);
        Assert.Equal(new long[] { 1, 197, 768 }, state["pos_embed"].shape);
        Assert.Equal(new long[] { 2304, 768 }, state["blocks.11.attn.qkv.weight"].shape);
    }

    [Theory]
    [InlineData(8, 2, 2, 32)]
    [InlineData(4, 4, 4, 64)]
    [InlineData(8, 4, 4, 128)]
    [InlineData(4, 8, 8, 256)]
    public void Packer_points_of_the_paper_give_its_token_counts(int d, int h, int w, int tokens)
    {
        var config = (SpatialPackerConfig.Full with { Points = (d, h, w) }).Validated();
        Assert.Equal(tokens, config.Tokens);
        Assert.Equal(2048, config.Tokens * config.WindowPatches);
    }

    private static void AssertState(string part, nn.Module module, long parameters)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(GoldenFile.PathOf("keys_full_size.json")));
        var expected = document.RootElement.GetProperty(part).EnumerateObject()
            .Select(p => $"{p.Name} [{string.Join(", ", p.Value.EnumerateArray())}]").Order(StringComparer.Ordinal);
        var state = module.state_dict();
        Assert.Equal(expected, state.Select(p => $"{p.Key} [{string.Join(", ", p.Value.shape)}]").Order(StringComparer.Ordinal));
        Assert.Equal(parameters, state.Values.Sum(t => t.numel()));
    }
}
