using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using HSENet.Model.Language;
using HSENet.Model.Tests.Language;
using HSENet.Model.Tests.Text;
using HSENet.Model.Tests.Weights;
using HSENet.Model.Vision;
using HSENet.Model.Weights;
using HSENet.Trainer.Tokenizers;

namespace HSENet.Trainer.Tests;

/// <summary>Files with the full published names and shapes. Their values are holes of zeros: they take no space on the disk.</summary>
internal static class PublishedLayouts
{
    /// <summary>A list of <c>keys_full_size.json</c>: names and shapes of the authors' own modules.</summary>
    public static Dictionary<string, long[]> Authors(string list)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "data", "golden", "keys_full_size.json")));
        return document.RootElement.GetProperty(list).EnumerateObject()
            .ToDictionary(item => item.Name, item => item.Value.EnumerateArray().Select(length => length.GetInt64()).ToArray());
    }

    public static void SafeTensors(string path, IReadOnlyDictionary<string, long[]> shapes, string type = "F32")
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var (header, offset) = (new StringBuilder("{"), 0L);
        foreach (var (name, shape) in shapes)
        {
            var end = offset + (shape.Aggregate(1L, (product, length) => product * length) * (type == "F32" ? 4 : 2));
            header.Append(offset == 0 && header.Length == 1 ? "" : ",").Append($$"""{{JsonSerializer.Serialize(name)}}:{"dtype":"{{type}}","shape":[{{string.Join(",", shape)}}],"data_offsets":[{{offset}},{{end}}]}""");
            offset = end;
        }

        var json = Encoding.UTF8.GetBytes(header.Append('}').ToString());
        using var stream = File.Create(path);
        Span<byte> prefix = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(prefix, json.Length);
        stream.Write(prefix);
        stream.Write(json);
        stream.SetLength(8 + json.Length + offset);
    }

    /// <summary>In the format that the name's ending tells.</summary>
    public static void Write(string path, IReadOnlyDictionary<string, long[]> shapes)
    {
        if (path.EndsWith(".safetensors", StringComparison.Ordinal))
        {
            SafeTensors(path, shapes);
        }
        else
        {
            TorchSave(path, shapes);
        }
    }

    public static void TorchSave(string path, IReadOnlyDictionary<string, long[]> shapes, bool parameters = false)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        TorchSaveFile.Write(path, [.. shapes.Select(item => new TorchSaveFile.Item(item.Key, item.Value))], parameters);
    }

    /// <summary>Phi-4-mini's folder: config.json, an index and two shards in bfloat16.</summary>
    /// <param name="folder">To be made.</param>
    /// <param name="layers">Null: all 32.</param>
    public static PhiConfig LanguageModel(string folder, int? layers = null)
    {
        Directory.CreateDirectory(folder);
        var config = Phi4Mini.Config with { LayerCount = layers ?? 32 };
        File.WriteAllText(Path.Combine(folder, "config.json"), Phi4Mini.Json.Replace("\"num_hidden_layers\": 32", $"\"num_hidden_layers\": {config.LayerCount}", StringComparison.Ordinal));
        var shapes = PublishedShapes.LanguageModel(config);
        var map = new Dictionary<string, string>();
        foreach (var (shard, names) in shapes.Keys.GroupBy(name => name.Contains("layers", StringComparison.Ordinal) && name.Contains("mlp", StringComparison.Ordinal)).Select((group, i) => ($"model-0000{i + 1}-of-00002.safetensors", group)))
        {
            SafeTensors(Path.Combine(folder, shard), names.ToDictionary(name => name, name => shapes[name]), "BF16");
            names.ToList().ForEach(name => map[name] = shard);
        }

        File.WriteAllText(Path.Combine(folder, "model.safetensors.index.json"), JsonSerializer.Serialize(new { metadata = new { total_size = 1 }, weight_map = map }));
        TokenizerFile.Write(Path.Combine(folder, "tokenizer.json"), O200k.Vocabulary);
        return config;
    }

    /// <summary>BiomedCLIP's open_clip file: the trunk, and what stands beside it.</summary>
    public static void BiomedClip(string path)
    {
        var shapes = PublishedShapes.SliceEncoder(SliceEncoderConfig.Full).ToDictionary(item => "visual.trunk." + item.Key, item => item.Value);
        shapes["visual.head.proj.weight"] = [512, 768];
        shapes["logit_scale"] = [];
        shapes["text.proj.0.weight"] = [640, 768];
        shapes["text.proj.2.weight"] = [512, 640];
        shapes["text.transformer.embeddings.word_embeddings.weight"] = [30522, 768];
        Write(path, shapes);
    }
}
