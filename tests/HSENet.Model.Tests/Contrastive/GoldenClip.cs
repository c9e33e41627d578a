using HSENet.Model.Contrastive;
using HSENet.Model.Tests.Vision;
using HSENet.Model.Vision;
using HSENet.Model.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Model.Tests.Contrastive;

/// <summary>The models of <c>clip_small.safetensors</c>.</summary>
internal static class GoldenClip
{
    public static Vit3DConfig Tower { get; } = new(8, 16, 48, 2, 4, 8, 48, 2, 4, 96);

    public static TextEncoderConfig Text { get; } = new(40, 48, 2, 4, 64, 24);

    /// <summary>Loads through the product's loader: strictly, but for the pooler.</summary>
    public static ClipModel Load(GoldenFile golden, string prefix, PatchGuide? guide)
    {
        var model = new ClipModel(Tower, guide, Text);
        WeightLoader.Load([new WeightPart("clip", [new WeightFile(GoldenFile.PathOf("clip_small.safetensors"), prefix)], model.state_dict()) { Ignore = ClipNames.IsUnused }]);
        Assert.Equal(48, GoldenTowerTests.Size(golden.Metadata("config"), "hidden_size"));
        return model;
    }
}
