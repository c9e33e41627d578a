using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using HSENet.Dicom.Phantoms;
using HSENet.Model.Tests.Language;
using HSENet.Model.Tests.Text;
using HSENet.Model.Vision;
using HSENet.Model.Weights;
using HSENet.TestKit;
using HSENet.Trainer.Commands;
using HSENet.Trainer.Tokenizers;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Benchmarks.FullSize;

/// <summary>
/// The whole model at its published size, from files of the published names and shapes with random values: <c>import</c>, then <c>process</c> on a phantom. What it writes
/// means nothing; it shows that it runs, and what it costs.
/// </summary>
internal static class FullSizeBenchmark
{
    private const double Deviation = 0.02;
    private static readonly JsonSerializerOptions s_format = new() { WriteIndented = true };
    private static readonly TimeSpan s_deadline = TimeSpan.FromHours(2);

    /// <param name="precision"><c>int8</c> or <c>bf16</c>.</param>
    /// <param name="tokens">How many the report has.</param>
    /// <param name="jsonFile">Where the numbers go.</param>
    public static async Task RunAsync(string precision, int tokens, string jsonFile)
    {
        using var folder = new TempFolder("full-size");
        var clock = Stopwatch.StartNew();
        WritePublished(folder);
        var written = Took(clock, "files written");
        string[] import =
        [
            "import", "--out", folder.Path("model"), "--clip", folder.Path("clip.safetensors"), "--adapter", folder.Path("adapter.safetensors"),
            "--slice-encoder", folder.Path("biomed.safetensors"), "--language-model", folder.Path("phi"), "--prompt", folder.Path("prompt.txt"),
            .. precision == "int8" ? ["--quantize", "int8"] : Array.Empty<string>(),
        ];
        if (TrainerCommands.Run(import, Console.Out, Console.Error) != ExitCode.Done)
            throw new InvalidOperationException("import failed");
        var imported = Took(clock, "import");
        Limit(folder.Path("model", "hsenet.json"), tokens);
        PhantomSeries.Write(ChestPhantom.Create(7, 64, 256, 256), folder.Path("series"), Guid.NewGuid());

        clock.Restart();
        var (result, peakBytes) = await ProcessAsync(folder);
        var whole = Took(clock, "process");
        var seconds = result["seconds"]!.AsObject().ToDictionary(part => part.Key, part => part.Value!.GetValue<double>());
        var made = result["tokens"]!.GetValue<int>();
        var summary = new
        {
            precision,
            tokens = made,
            write_seconds = written,
            import_seconds = imported,
            load_seconds = whole - seconds["total"],
            seconds,
            seconds_per_token = seconds["decode"] / Math.Max(1, made - 1),
            peak_resident_gib = peakBytes / (double)(1L << 30),
            finish_reason = result["finish_reason"]!.GetValue<string>(),
        };
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(jsonFile))!);
        var text = JsonSerializer.Serialize(summary, s_format);
        await File.WriteAllTextAsync(jsonFile, text);
        Console.WriteLine(text);
    }

    private static double Took(Stopwatch clock, string what)
    {
        var seconds = clock.Elapsed.TotalSeconds;
        clock.Restart();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: {seconds:F0} s"));
        return seconds;
    }

    private static void WritePublished(TempFolder folder)
    {
        manual_seed(20261125);
        using var quiet = no_grad();
        Random(folder.Path("clip.safetensors"), Authors("stage2_clip"));
        Random(folder.Path("adapter.safetensors"), Authors("vlm_adapter_file"));
        Random(folder.Path("biomed.safetensors"), PublishedShapes.SliceEncoder(SliceEncoderConfig.Full).ToDictionary(item => "visual.trunk." + item.Key, item => item.Value));
        File.WriteAllText(folder.Path("prompt.txt"), "Describe the findings of this chest CT.\n");
        Directory.CreateDirectory(folder.Path("phi"));
        File.WriteAllText(folder.Path("phi", "config.json"), Phi4Mini.Json);
        SparseWeights.Write(folder.Path("phi"), PublishedShapes.LanguageModel(Phi4Mini.Config), shards: 2);
        TokenizerFile.Write(folder.Path("phi", "tokenizer.json"), O200k.Vocabulary);
    }

    private static Dictionary<string, long[]> Authors(string list)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Repo.Path("tests", "data", "golden", "keys_full_size.json")));
        return document.RootElement.GetProperty(list).EnumerateObject()
            .ToDictionary(item => item.Name, item => item.Value.EnumerateArray().Select(length => length.GetInt64()).ToArray());
    }

    private static void Random(string path, Dictionary<string, long[]> shapes) => SafeTensorsWriter.WriteItems(
        path,
        shapes.Select(item => new SafeTensorsItem(item.Key, ScalarType.BFloat16, item.Value, () => (randn(item.Value, ScalarType.Float32) * Deviation).to_type(ScalarType.BFloat16))));

    private static void Limit(string configuration, int tokens)
    {
        var json = JsonNode.Parse(File.ReadAllText(configuration))!;
        json["generation"]!["maxNewTokens"] = tokens;
        File.WriteAllText(configuration, json.ToJsonString());
    }

    private static async Task<(JsonObject Result, long PeakBytes)> ProcessAsync(TempFolder folder)
    {
        var json = folder.Path("report.json");
        await using var worker = WorkerProcess.Start(
            ["process", folder.Path("series"), "--out", folder.Path("report.dcm"), "--json", json, $"--HSENet:Model:Directory={folder.Path("model")}"]);
        var ended = worker.Process.WaitForExitAsync(s_deadline);
        var peak = 0L;
        while (!ended.IsCompleted)
        {
            peak = Math.Max(peak, PeakOf(worker.Process.Id));
            await Task.WhenAny(ended, Task.Delay(TimeSpan.FromMilliseconds(200)));
        }

        return await ended == 0
            ? (JsonNode.Parse(await File.ReadAllTextAsync(json))!.AsObject(), peak)
            : throw new InvalidOperationException(worker.Process.Text(isError: true));
    }

    /// <summary>The kernel's own high-water mark; 0 when the process is gone.</summary>
    private static long PeakOf(int id)
    {
        try
        {
            var line = File.ReadLines($"/proc/{id}/status").FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? 0 : 1024 * long.Parse(line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
