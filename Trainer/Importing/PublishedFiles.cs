using System.Text.Json;
using HSENet.Model;

namespace HSENet.Trainer.Importing;

/// <summary>Finds the weight file in a published folder, and the configuration beside it.</summary>
internal static class PublishedFiles
{
    private const long MaxJsonBytes = 16 << 20;

    public static readonly string[] Clip = ["model.safetensors.index.json", "model.safetensors", "pytorch_model.bin", "model_params.bin"];
    public static readonly string[] Adapter = ["adapter_model.safetensors", "adapter_model.bin", "pytorch_model.bin", "mm_projector_and_lora.bin", "adapter.safetensors"];
    public static readonly string[] SliceEncoder = ["open_clip_model.safetensors", "open_clip_pytorch_model.bin", "model.safetensors", "pytorch_model.bin"];
    public static readonly string[] Transformers = ["model.safetensors.index.json", "model.safetensors", "pytorch_model.bin.index.json", "pytorch_model.bin"];

    /// <param name="path">A weight file, or a folder with one.</param>
    /// <param name="names">Names to look for in a folder, best first.</param>
    /// <exception cref="HSENetModelException"><c>weights.file</c>.</exception>
    public static string Find(string path, IReadOnlyList<string> names)
    {
        if (File.Exists(path))
        {
            return path;
        }

        if (!Directory.Exists(path))
        {
            throw new HSENetModelException("weights.file", $"{path}: no such file or folder.");
        }

        return names.Select(name => Path.Combine(path, name)).FirstOrDefault(File.Exists)
            ?? throw new HSENetModelException("weights.file", $"{path} holds none of {string.Join(", ", names)}.");
    }

    /// <summary>The JSON file of that name in the folder of a weight file.</summary>
    /// <returns>Null: there is none.</returns>
    /// <exception cref="HSENetModelException"><c>import.config</c>: not JSON, or no object.</exception>
    public static JsonElement? Beside(string weightFile, string name)
    {
        var path = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(weightFile))!, name);
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            if (new FileInfo(path).Length > MaxJsonBytes)
            {
                throw new HSENetModelException("import.config", $"{path} is larger than {MaxJsonBytes} bytes.");
            }

            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? document.RootElement.Clone()
                : throw new HSENetModelException("import.config", $"{path} is not a JSON object.");
        }
        catch (JsonException e)
        {
            throw new HSENetModelException("import.config", $"{path} is not valid JSON: {e.Message}", e);
        }
    }

    /// <summary>A whole number of a configuration file.</summary>
    /// <exception cref="HSENetModelException"><c>import.config</c>: there, and not a positive whole number.</exception>
    public static int Number(JsonElement? config, string field, int otherwise) =>
        config is not { } there || !there.TryGetProperty(field, out var value) ? otherwise
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number > 0 ? number
        : throw new HSENetModelException("import.config", $"{field} is not a positive whole number.");

    /// <summary>Three whole numbers of a configuration file.</summary>
    /// <exception cref="HSENetModelException"><c>import.config</c>.</exception>
    public static (int D, int H, int W) Triple(JsonElement? config, string field, (int D, int H, int W) otherwise)
    {
        if (config is not { } there || !there.TryGetProperty(field, out var value))
        {
            return otherwise;
        }

        var numbers = value.ValueKind == JsonValueKind.Array
            ? value.EnumerateArray().Select(item => item.ValueKind == JsonValueKind.Number && item.TryGetInt32(out var number) ? number : 0).ToArray()
            : [];
        return numbers is [> 0 and var d, > 0 and var h, > 0 and var w] ? (d, h, w) : throw new HSENetModelException("import.config", $"{field} is not three positive whole numbers.");
    }
}
