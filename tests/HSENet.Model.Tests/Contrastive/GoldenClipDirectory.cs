using System.Text.Json.Nodes;
using HSENet.Model.Tests.Vision;
using HSENet.Model.Weights;
using HSENet.TestKit;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Model.Tests.Contrastive;

/// <summary>A model directory of the golden stage-2 file: both contrastive stages and nothing else, until a test adds or removes parts.</summary>
internal sealed class GoldenClipDirectory : IDisposable
{
    private const int Words = 40;

    private readonly TempFolder _folder = new("clip");

    public GoldenClipDirectory()
    {
        using var scope = NewDisposeScope();
        using var golden = SafeTensorsFile.Open(GoldenFile.PathOf("clip_small.safetensors"));
        SafeTensorsWriter.Write(_folder.Path("clip.safetensors"), [
            .. golden.Entries.Where(entry => entry.Name.StartsWith("stage2/", StringComparison.Ordinal))
                .Select(entry => KeyValuePair.Create(entry.Name["stage2/".Length..], golden.Read(entry.Name))),
            .. golden.Entries.Where(entry => entry.Name.StartsWith("stage1/", StringComparison.Ordinal))
                .Select(entry => KeyValuePair.Create(PublishedShapes.Stage1Prefix + entry.Name["stage1/".Length..], golden.Read(entry.Name)))]);
        Write(JsonNode.Parse("""
            {
              "name": "golden", "version": "1", "purpose": "research",
              "vision": { "image": [8, 16, 48], "patch": [2, 4, 8], "hidden": 48, "layers": 2, "heads": 4, "mlp": 96, "towers": "both", "guide": "slices" },
              "slices": { "count": 32, "width": 48, "encoder": { "image": 32, "patch": 16, "layers": 1, "heads": 4, "mlp": 64 } },
              "preprocessing": { "protocol": "ct-rate", "spacing": [1.5, 0.75, 0.75], "volumeWindow": [-1000, 200], "sliceWindow": [-1000, 1000], "axes": ["S", "R", "P"] },
              "text": { "vocab": 40, "hidden": 48, "layers": 2, "heads": 4, "intermediate": 64, "positions": 24, "tokenizer": "vocab.txt" },
              "weights": [ { "role": "clip", "path": "clip.safetensors" } ]
            }
            """)!);
        WriteVocabulary(classification: 1, separator: 2);
    }

    public string Root => _folder.Root;

    /// <summary>The word whose id is the number.</summary>
    public static string Word(long id) => $"w{id}";

    /// <summary>A vocab.txt in which each line is the <see cref="Word"/> of its number, but for the special tokens.</summary>
    public void WriteVocabulary(long classification, long separator)
    {
        var words = Enumerable.Range(0, Words).Select(id => Word(id)).ToArray();
        (words[0], words[classification], words[separator]) = ("[PAD]", "[CLS]", "[SEP]");
        var free = new[] { 4, 5, 7 }.Where(id => id != separator).ToArray();   // no golden text has them
        (words[free[0]], words[free[1]]) = ("[UNK]", "[MASK]");
        File.WriteAllLines(_folder.Path("vocab.txt"), words);
    }

    public void Edit(Action<JsonNode> change)
    {
        var json = JsonNode.Parse(File.ReadAllBytes(_folder.Path("hsenet.json")))!;
        change(json);
        Write(json);
    }

    /// <summary>A slice encoder with drawn weights, as a file of its own.</summary>
    public void AddSliceEncoder()
    {
        using var scope = NewDisposeScope();
        manual_seed(5);
        using var encoder = new Model.Vision.SliceEncoder2D(new Model.Vision.SliceEncoderConfig(32, 16, 48, 1, 4, 64));
        SafeTensorsWriter.Write(_folder.Path("slice-encoder.safetensors"), encoder.state_dict());
        Edit(json => json["weights"]!.AsArray().Add(JsonNode.Parse("""{ "role": "slice-encoder", "path": "slice-encoder.safetensors" }""")));
    }

    public void Dispose() => _folder.Dispose();

    private void Write(JsonNode json) => File.WriteAllText(_folder.Path("hsenet.json"), json.ToJsonString());
}
