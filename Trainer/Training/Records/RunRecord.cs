using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using HSENet.Trainer.Data;
using TorchSharp;

namespace HSENet.Trainer.Training.Records;

/// <summary>The file <c>run.json</c>: what was trained on what, how, by which versions, and each time it was started.</summary>
internal sealed record RunRecord
{
    public const string FileName = "run.json";

    private static readonly JsonSerializerOptions s_json = new(SettingsFile.Json) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The command as it was called.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    public required int Seed { get; init; }

    /// <summary>Of every study used: its line of the manifest, the content of its volume, preprocessing.</summary>
    public required string DataDigest { get; init; }

    /// <summary>Digests of the model directories that were started from, by what they were for.</summary>
    public IReadOnlyDictionary<string, string> Models { get; init; } = new Dictionary<string, string>();

    /// <summary>Studies used.</summary>
    public required int Studies { get; init; }

    public required int Processes { get; init; }

    /// <summary>All of them, preset and changes together.</summary>
    public required JsonNode Settings { get; init; }

    public IReadOnlyDictionary<string, string> Versions { get; init; } = CurrentVersions();

    /// <summary>Steps of the whole run.</summary>
    public long Steps { get; init; }

    public IReadOnlyList<RunStart> Starts { get; init; } = [];

    /// <summary>Items that were not used, and why.</summary>
    public IReadOnlyList<BadItem> LeftOut { get; init; } = [];

    public static IReadOnlyDictionary<string, string> CurrentVersions() => new SortedDictionary<string, string>(StringComparer.Ordinal)
    {
        ["hsenet"] = typeof(RunRecord).Assembly.GetName().Version!.ToString(3),
        ["dotnet"] = Environment.Version.ToString(),
        ["torchsharp"] = typeof(torch).Assembly.GetName().Version!.ToString(),
        ["libtorch"] = torch.__version__,
        ["system"] = RuntimeInformation.OSDescription,
    };

    /// <returns>Null: there is none, or it is not one.</returns>
    public static RunRecord? Read(string directory)
    {
        try
        {
            return JsonSerializer.Deserialize<RunRecord>(File.ReadAllBytes(Path.Combine(directory, FileName)), s_json);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return null;
        }
    }

    public void Write(string directory)
    {
        var partial = Path.Combine(directory, FileName + ".partial");
        File.WriteAllBytes(partial, [.. JsonSerializer.SerializeToUtf8Bytes(this, s_json), (byte)'\n']);
        File.Move(partial, Path.Combine(directory, FileName), overwrite: true);
    }
}
