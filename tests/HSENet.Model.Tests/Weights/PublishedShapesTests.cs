using System.Text.Json;
using HSENet.Model.Contrastive;
using HSENet.Model.Language;
using HSENet.Model.Tests.Language;
using HSENet.Model.Tests.Vision;
using HSENet.Model.Vision;
using HSENet.Model.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Model.Tests.Weights;

/// <summary>The lists of names and shapes equal the authors' at full size and the modules' own at small size.</summary>
public sealed class PublishedShapesTests
{
    [Fact]
    public void Lists_equal_those_of_the_authors_at_full_size()
    {
        var (vision, text) = (Vit3DConfig.Full, TextEncoderConfig.Full);
        AssertEqual("vision_tower_stage1", PublishedShapes.Tower(vision, guided: false));
        AssertEqual("vision_tower_2e3", PublishedShapes.Tower(vision, guided: true));
        AssertEqual("packer", PublishedShapes.SpatialPacker(SpatialPackerConfig.Full));
        var pooler = PublishedShapes.Pooler(768);
        AssertEqual("stage1_clip", PublishedShapes.Join(
            ("", PublishedShapes.ClipFile(vision, text, stage1: true, stage2: false, guided: true)), ("language_encoder.", pooler)));
        AssertEqual("stage2_clip", PublishedShapes.Join(
            ("", PublishedShapes.ClipFile(vision, text, stage1: true, stage2: true, guided: true)),
            ("language_encoder.", pooler), ("stage1_pretrained_CLIP.language_encoder.", pooler)));
    }

    [Fact]
    public void Adapter_list_equals_the_authors_under_every_spelling_of_its_names()
    {
        var packer = PublishedShapes.SpatialPacker(SpatialPackerConfig.Full);
        var expected = Sorted(PublishedShapes.Join(("", PublishedShapes.Lora(Phi4Mini.Config, 16)), ("mm_projector.", packer), ("mm_projector2.", packer)));
        Assert.Equal(284, expected.Count);
        var published = Authors("vlm_adapter_file");
        Func<string, string>[] spellings =
        [
            name => name,
            name => name["base_model.model.".Length..],
            name => name["base_model.model.model.".Length..],
            name => name.Replace(".default.", ".", StringComparison.Ordinal),
            name => name["base_model.model.model.".Length..].Replace(".default.", ".", StringComparison.Ordinal),
        ];
        foreach (var spelling in spellings)
        {
            Assert.Equal(expected, Sorted(published.ToDictionary(item => AdapterNames.Canonical(spelling(item.Key)), item => item.Value)));
        }
    }

    [Fact]
    public void Lists_equal_the_states_of_the_modules()
    {
        var (vision, text) = (Vit3DConfig.Tiny, TextEncoderConfig.Tiny);
        AssertState(new VisionEncoder3D(vision), PublishedShapes.Tower(vision, guided: false));
        AssertState(new SliceGuidedEncoder3D(vision), PublishedShapes.Tower(vision, guided: true));
        AssertState(new TextEncoder(text), PublishedShapes.TextEncoder(text));
        AssertState(new ClipModel(vision, null, text), PublishedShapes.Clip(vision, text, guided: false));
        AssertState(new ClipModel(vision, PatchGuide.Slices, text), PublishedShapes.Clip(vision, text, guided: true));
        AssertState(new SpatialPacker(SpatialPackerConfig.Tiny), PublishedShapes.SpatialPacker(SpatialPackerConfig.Tiny));
        AssertState(new SliceEncoder2D(SliceEncoderConfig.Tiny), PublishedShapes.SliceEncoder(SliceEncoderConfig.Tiny));
    }

    [Fact]
    public void Language_list_has_the_194_tensors_and_parameters_of_Phi_4_mini()
    {
        var shapes = PublishedShapes.LanguageModel(Phi4Mini.Config);
        Assert.Equal(194, shapes.Count);
        Assert.Equal(3_836_021_760, shapes.Values.Sum(shape => shape.Aggregate(1L, (product, length) => product * length)));
        Assert.Equal([5120, 3072], shapes["model.layers.31.self_attn.qkv_proj.weight"]);
        Assert.Equal([16384, 3072], shapes["model.layers.0.mlp.gate_up_proj.weight"]);
        var golden = GoldenText.Section("small_models", "phi3_tiny", "weights").EnumerateObject()
            .ToDictionary(item => item.Name, item => item.Value.GetProperty("shape").EnumerateArray().Select(length => length.GetInt64()).ToArray());
        Assert.Equal(Sorted(golden), Sorted(PublishedShapes.LanguageModel(new PhiConfig
        {
            HiddenSize = 32, LayerCount = 2, HeadCount = 4, KeyValueHeadCount = 2, IntermediateSize = 48, VocabularySize = 40, MaxPositions = 64,
        })));
    }

    private static void AssertState(nn.Module module, Dictionary<string, long[]> shapes)
    {
        using (module)
        {
            Assert.Equal(Sorted(module.state_dict().ToDictionary(item => item.Key, item => item.Value.shape)), Sorted(shapes));
        }
    }

    private static void AssertEqual(string part, Dictionary<string, long[]> shapes) => Assert.Equal(Sorted(Authors(part)), Sorted(shapes));

    private static Dictionary<string, long[]> Authors(string part)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(GoldenFile.PathOf("keys_full_size.json")));
        return document.RootElement.GetProperty(part).EnumerateObject()
            .ToDictionary(item => item.Name, item => item.Value.EnumerateArray().Select(length => length.GetInt64()).ToArray());
    }

    private static List<string> Sorted(Dictionary<string, long[]> shapes) =>
        [.. shapes.Select(item => $"{item.Key} {TensorEntry.Text(item.Value)}").Order(StringComparer.Ordinal)];
}
