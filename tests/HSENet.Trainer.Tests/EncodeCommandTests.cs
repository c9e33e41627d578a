using System.Text.Json.Nodes;
using HSENet.Model.Weights;
using HSENet.TestKit;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Trainer.Tests;

/// <summary><c>encode</c> on directories made of the golden files' own weights.</summary>
public sealed class EncodeCommandTests : IDisposable
{
    private const float Tolerance = 2e-5f;

    private readonly TempFolder _folder = new("encode");
    private readonly DisposeScope _scope = NewDisposeScope();

    [Fact]
    public void Stage_1_tower_of_the_golden_file_is_reproduced()
    {
        Directory("vit_stage1_small", Tower("global"), ("vision-stage1", "vit_stage1_small", "w/"));
        var results = Encode(("volume", Golden("vit_stage1_small", "in/image")));
        Assert.Equal(["global_tokens"], results.Keys);
        AssertClose("vit_stage1_small", "out/vlm_patch_features", results["global_tokens"]);
    }

    [Fact]
    public void Slice_guided_tower_and_scores_of_the_golden_file_are_reproduced()
    {
        Directory("vit_2e3_small", Tower("local"), ("vision-stage2", "vit_2e3_small", "w/"));
        var results = Encode(("volume", Golden("vit_2e3_small", "in/image")), ("slice_features", Golden("vit_2e3_small", "in/image_2d")));
        Assert.Equal(["local_tokens", "patch_scores"], results.Keys.Order(StringComparer.Ordinal));
        AssertClose("vit_2e3_small", "out/vlm_patch_features", results["local_tokens"]);
        AssertClose("vit_2e3_small", "out/patch_scores", results["patch_scores"]);
    }

    [Theory]
    [InlineData("out/variant_1_4_4", 4, 2, 2)]
    [InlineData("out/variant_2_2_2", 2, 4, 4)]
    [InlineData("out/variant_2_4_4", 2, 2, 2)]
    [InlineData("out/variant_1_8_8", 4, 1, 1)]
    public void Visual_tokens_of_the_golden_packer_are_reproduced_for_all_point_counts(string name, int d, int h, int w)
    {
        SafeTensorsWriter.Write(_folder.Path("packers.safetensors"), Weights("packer_small", "w/", "mm_projector."));
        Configure(Vision([8, 32, 64], [2, 4, 8], 48, 4, 96, "global"), ("packers", "packers.safetensors", ""), new JsonObject { ["kind"] = "spatial-packer", ["points"] = new JsonArray(d, h, w), ["out"] = 64 });
        AssertClose("packer_small", name, Encode(("global_tokens", Golden("packer_small", "in/patch_features")))["visual_tokens"]);
    }

    [Fact]
    public void Whole_stage_2_file_gives_the_golden_embeddings_of_both_stages_and_visual_tokens_global_first()
    {
        SafeTensorsWriter.Write(_folder.Path("clip.safetensors"), Weights("clip_small", "stage2/", "").Concat(Weights("clip_small", "stage1/", "stage1_pretrained_CLIP.")));
        SafeTensorsWriter.Write(_folder.Path("packers.safetensors"), Weights("packer_small", "w/", "mm_projector.").Concat(Weights("packer_small", "w/", "mm_projector2.")));
        Configure(
            Vision([8, 16, 48], [2, 4, 8], 48, 4, 96, "both"), ("clip", "clip.safetensors", ""),
            new JsonObject { ["kind"] = "spatial-packer", ["points"] = new JsonArray(4, 2, 2), ["out"] = 64 }, ("packers", "packers.safetensors", ""));
        var results = Encode(("volume", Golden("clip_small", "in/image")), ("slice_features", Golden("clip_small", "in/image_2d")));

        Assert.Equal(
            ["global_tokens", "image_embedding_stage1", "image_embedding_stage2", "local_tokens", "patch_scores", "visual_tokens"], results.Keys.Order(StringComparer.Ordinal));
        AssertClose("clip_small", "out/stage2_image_features_cls", results["image_embedding_stage2"]);
        Assert.InRange((Golden("clip_small", "out/stage1_image_features").select(1, 0) - results["image_embedding_stage1"]).abs().max().item<float>(), 0, Tolerance);
        Assert.Equal([3, 32, 64], results["visual_tokens"].shape);
        var global = Encode(("global_tokens", results["global_tokens"]))["visual_tokens"];
        var local = Encode(("local_tokens", results["local_tokens"]))["visual_tokens"];
        Assert.InRange((cat([global, local], dim: 1) - results["visual_tokens"]).abs().max().item<float>(), 0, 1e-6f);
        Assert.InRange((global - local).abs().max().item<float>(), 1e-3f, 100);
    }

    [Fact]
    public void Token_ids_give_the_golden_text_embeddings_of_both_stages_alone_and_beside_a_volume()
    {
        StageTwoFile("slices");
        var (ids, mask) = (Golden("clip_small", "in/input_ids"), Golden("clip_small", "in/attention_mask"));
        var texts = Encode(("text_ids", ids), ("text_mask", mask));
        Assert.Equal(["text_embedding_stage1", "text_embedding_stage2"], texts.Keys.Order(StringComparer.Ordinal));
        Assert.InRange((Golden("clip_small", "out/stage1_text_features").select(1, 0) - texts["text_embedding_stage1"]).abs().max().item<float>(), 0, Tolerance);
        AssertClose("clip_small", "out/stage2_text_features_cls", texts["text_embedding_stage2"]);

        var both = Encode(("text_ids", ids), ("text_mask", mask), ("volume", Golden("clip_small", "in/image")), ("slice_features", Golden("clip_small", "in/image_2d")));
        AssertClose("clip_small", "out/stage2_text_features_cls", both["text_embedding_stage2"]);
        AssertClose("clip_small", "out/stage2_image_features_cls", both["image_embedding_stage2"]);
    }

    [Theory]
    [InlineData("text")]
    [InlineData("text-cls")]
    public void Tower_guided_by_text_takes_token_ids_in_place_of_features_of_the_stage_1_model(string guide)
    {
        StageTwoFile(guide);
        var (volume, mask) = (("volume", Golden("clip_small", "in/image")), ("text_mask", Golden("clip_small", "in/attention_mask")));
        var features = Encode(volume, mask, ("text_features", Golden("clip_small", "out/stage1_text_features")))["local_tokens"];
        var ids = Encode(volume, mask, ("text_ids", Golden("clip_small", "in/input_ids")))["local_tokens"];
        Assert.InRange((features - ids).abs().max().item<float>(), 0, Tolerance);
        Assert.InRange((ids[0] - Encode(volume, mask, ("text_ids", Golden("clip_small", "in/input_ids").flip(0)))["local_tokens"][0]).abs().max().item<float>(), 1e-4f, 100);
    }

    [Fact]
    public void Token_ids_without_their_mask_outside_the_vocabulary_or_without_a_text_encoder_are_refused()
    {
        StageTwoFile("slices");
        Write(("text_ids", ones([1, 4], ScalarType.Int64)));
        Run().Refused("encode.input", "text_mask");
        Write(("text_ids", full([1, 4], 40, ScalarType.Int64)), ("text_mask", ones([1, 4], ScalarType.Int64)));
        Run().Refused("model.input", "vocabulary of 40");
        Write(("text_ids", ones([1, 25], ScalarType.Int64)), ("text_mask", ones([1, 25], ScalarType.Int64)));
        Run().Refused("model.input", "24");
        Directory("vit_stage1_small", Tower("global"), ("vision-stage1", "vit_stage1_small", "w/"));
        Write(("text_ids", ones([1, 4], ScalarType.Int64)), ("text_mask", ones([1, 4], ScalarType.Int64)));
        Run().Refused("model.incomplete", "clip");
        Assert.False(File.Exists(_folder.Path("out")));
    }

    [Theory]
    [InlineData("text", "text_features")]
    [InlineData("text", "text_ids")]
    [InlineData("slices", "text_ids")]
    public void Text_that_is_all_padding_is_refused(string guide, string name)
    {
        StageTwoFile(guide);
        var mask = Golden("clip_small", "in/attention_mask");
        mask[1] = zeros_like(mask[1]);
        var text = name == "text_ids" ? Golden("clip_small", "in/input_ids") : Golden("clip_small", "out/stage1_text_features");
        Write(
            [("text_mask", mask), (name, text), .. guide == "slices" ? [] : ((string, Tensor)[])[("volume", Golden("clip_small", "in/image"))]]);
        Run().Refused("model.input", "all");
        Assert.False(File.Exists(_folder.Path("out")));
    }

    [Fact]
    public void Results_that_are_no_numbers_are_named_and_not_written()
    {
        StageTwoFile("slices");
        Write(("volume", Golden("clip_small", "in/image") * 0 + 3e38), ("slice_features", Golden("clip_small", "in/image_2d")));
        Run().Refused("generation.numbers", "global_tokens", "local_tokens");
        Assert.False(File.Exists(_folder.Path("out")));
    }

    [Fact]
    public void Slices_go_through_the_slice_encoder_of_the_shipped_model()
    {
        var shipped = Repo.Path("tests", "data", "untrained-model");
        manual_seed(1);
        Write(("volume", rand([1, 1, 32, 128, 128], ScalarType.Float32)), ("slices", randint(0, 256, [1, 32, 80, 96], ScalarType.Byte)));
        TrainerRun.Of("encode", "--model", shipped, "--input", _folder.Path("in"), "--out", _folder.Path("out")).Done();
        using var results = SafeTensorsFile.Open(_folder.Path("out"));
        Assert.Equal([1, 512], results.Read("patch_scores").shape);
        Assert.Equal([1, 256, 128], results.Read("visual_tokens").shape);
    }

    [Fact]
    public void Part_that_is_missing_is_named()
    {
        Directory("vit_2e3_small", Tower("local"), ("vision-stage2", "vit_2e3_small", "w/"));
        Write(("volume", Golden("vit_2e3_small", "in/image")), ("slices", zeros([2, 4, 20, 20], ScalarType.Byte)));
        Run().Refused("model.incomplete", "slice-encoder");
        Write(("local_tokens", zeros([1, 60, 64], ScalarType.Float32)));
        Run().Refused("model.incomplete", "packers");
        Write(("volume", Golden("vit_2e3_small", "in/image")));
        Run().Refused("encode.input", "slice_features");
        Write(("volume", zeros([1, 1, 12, 16, 41], ScalarType.Float32)), ("slice_features", zeros([1, 32, 64], ScalarType.Float32)));
        Run().Refused("model.input", "[B, 1, 12, 16, 40]");
        Write(("picture", zeros([1, 1], ScalarType.Float32)));
        Run().Refused("encode.input", "picture");
        Assert.False(File.Exists(_folder.Path("out")));
    }

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    private static string GoldenPath(string file) => Path.Combine(AppContext.BaseDirectory, "data", "golden", $"{file}.safetensors");

    private static Tensor Golden(string file, string name)
    {
        using var golden = SafeTensorsFile.Open(GoldenPath(file));
        return golden.Read(name);
    }

    private static List<KeyValuePair<string, Tensor>> Weights(string file, string prefix, string newPrefix)
    {
        using var golden = SafeTensorsFile.Open(GoldenPath(file));
        return [.. golden.Entries.Where(entry => entry.Name.StartsWith(prefix, StringComparison.Ordinal))
            .Select(entry => KeyValuePair.Create(newPrefix + entry.Name[prefix.Length..], golden.Read(entry.Name)))];
    }

    private static void AssertClose(string file, string name, Tensor actual)
    {
        var expected = Golden(file, name);
        Assert.Equal(expected.shape, actual.shape);
        Assert.InRange((expected - actual).abs().max().item<float>(), 0, Tolerance);
    }

    private static JsonObject Tower(string towers) => Vision([12, 16, 40], [4, 4, 8], 64, 8, 128, towers);

    private static JsonObject Vision(int[] image, int[] patch, int hidden, int heads, int mlp, string towers) => new()
    {
        ["image"] = new JsonArray([.. image.Select(value => (JsonNode)value)]), ["patch"] = new JsonArray([.. patch.Select(value => (JsonNode)value)]),
        ["hidden"] = hidden, ["layers"] = 2, ["heads"] = heads, ["mlp"] = mlp, ["towers"] = towers, ["guide"] = "slices",
    };

    /// <summary>The golden stage-2 file, without packers.</summary>
    private void StageTwoFile(string guide)
    {
        SafeTensorsWriter.Write(_folder.Path("clip.safetensors"), Weights("clip_small", "stage2/", "").Concat(Weights("clip_small", "stage1/", "stage1_pretrained_CLIP.")));
        var vision = Vision([8, 16, 48], [2, 4, 8], 48, 4, 96, "both");
        vision["guide"] = guide;
        Configure(vision, ("clip", "clip.safetensors", ""), null);
    }

    /// <summary>The golden file itself is the weight file: its prefix picks the weights out of inputs and outputs.</summary>
    private void Directory(string file, JsonObject vision, (string Role, string File, string Prefix) weights)
    {
        File.Copy(GoldenPath(file), _folder.Path($"{file}.safetensors"));
        Configure(vision, (weights.Role, $"{file}.safetensors", weights.Prefix), null);
    }

    private void Configure(JsonObject vision, (string Role, string Path, string Prefix) first, JsonObject? packer, params (string Role, string Path, string Prefix)[] more)
    {
        var json = new JsonObject
        {
            ["name"] = "golden", ["version"] = "1", ["purpose"] = "research", ["vision"] = vision,
            ["text"] = new JsonObject { ["vocab"] = 40, ["hidden"] = 48, ["layers"] = 2, ["heads"] = 4, ["intermediate"] = 64, ["positions"] = 24 },
            ["weights"] = new JsonArray([.. more.Prepend(first).Select(item => (JsonNode)new JsonObject { ["role"] = item.Role, ["path"] = item.Path, ["prefix"] = item.Prefix })]),
        };
        if (packer is not null)
        {
            json["packer"] = packer;
        }

        File.WriteAllText(_folder.Path("hsenet.json"), json.ToJsonString());
    }

    private void Write(params (string Name, Tensor Values)[] inputs) =>
        SafeTensorsWriter.Write(_folder.Path("in"), inputs.Select(item => KeyValuePair.Create(item.Name, item.Values)));

    private TrainerRun Run() => TrainerRun.Of("encode", "--model", _folder.Root, "--input", _folder.Path("in"), "--out", _folder.Path("out"));

    private Dictionary<string, Tensor> Encode(params (string Name, Tensor Values)[] inputs)
    {
        Write(inputs);
        Run().Done();
        using var results = SafeTensorsFile.Open(_folder.Path("out"));
        return results.Entries.ToDictionary(entry => entry.Name, entry => results.Read(entry.Name));
    }
}
