using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using HSENet.Model.Generation;
using HSENet.Model.Language;
using HSENet.Model.Tests.Facade;
using HSENet.Model.Tests.Text;
using HSENet.Model.Text;
using HSENet.Model.Weights;
using HSENet.TestKit;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Model.Tests.Language;

/// <summary>
/// The language model at its published size (3.8 billion parameters), from sharded files through the real loader: it loads, writes, and its cache
/// equals a recomputation. The weights mean nothing. Runs alone; needs the memory that a worker with that model needs.
/// </summary>
[Collection(AloneCollection.Name)]
public sealed partial class FullSizeLanguageModelTests : IDisposable
{
    private const long GiB = 1L << 30;
    private const int NewTokens = 5;

    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly TempFolder _folder = new("full-size");

    [Theory]
    [InlineData("bf16", 10 * GiB)]      // 7.2 GiB of weights
    [InlineData("int8", 7 * GiB)]       // 3 GiB, and 1.2 for the embeddings
    public void The_published_size_loads_and_writes(string precision, long neededBytes)
    {
        var available = Memory("/proc/meminfo", AvailableLine);
        Assert.True(available >= neededBytes, $"needs {neededBytes / GiB} GiB of free memory and finds {available / (double)GiB:F1}");
        using var quiet = inference_mode();
        var clock = Stopwatch.StartNew();
        var files = SparseWeights.Write(_folder.Root, PublishedShapes.LanguageModel(FullSize.Config), shards: 2);
        var written = clock.Elapsed;

        using var model = new PhiLanguageModel(FullSize.Config, precision == "bf16" ? WeightStorage.BFloat16 : new WeightStorage(ScalarType.BFloat16, IsInt8: true));
        Load(model, files);
        var loaded = clock.Elapsed;
        Assert.Equal(194, model.state_dict().Keys.Count(name => !name.EndsWith("_scale", StringComparison.Ordinal)));
        Assert.Equal(3_836_021_760, model.state_dict().Where(item => !item.Key.EndsWith("_scale", StringComparison.Ordinal)).Sum(item => item.Value.numel()));

        // a report's prompt: 256 visual tokens and a sentence
        var tokenizer = new BpeTokenizer(O200k.Vocabulary, WordSplit.Gpt2);
        var prompt = ReportPrompt.Build(tokenizer, 256, "Describe the findings of this scan.");
        var visual = linspace(-1, 1, 256 * 3072).reshape(1, 256, 3072).sin() * 0.02;
        var options = new GenerationOptions { MaxNewTokens = NewTokens, StopTokens = new HashSet<long>(), TimeLimit = TimeSpan.FromHours(1) };
        var text = new ReportGenerator(model, tokenizer, TimeProvider.System).Generate(prompt, visual, options, null, TestContext.Current.CancellationToken);
        Assert.Equal((FinishReason.Length, NewTokens), (text.FinishReason, text.Tokens.Count));

        // the cache at full size, with an adapter in place
        using var adapter = new LoraAdapter(FullSize.Config, new LoraConfig(16, 32));
        foreach (var (name, tensor) in adapter.state_dict())
        {
            tensor.normal_(0, name.Contains("lora_B", StringComparison.Ordinal) ? 0.02 : 0.05);
        }

        model.Use(adapter);
        var embedded = model.Embed(tensor(Enumerable.Range(0, 9).Select(i => (long)(i * 37)).ToArray(), 1, 9));
        using var whole = new DecodingSession(model, 9);
        using var steps = new DecodingSession(model, 9);
        steps.Prefill(embedded[.., ..8]);
        var (expected, actual) = (whole.Prefill(embedded), steps.Step(8 * 37));
        Assert.True(expected.abs().max().item<float>() > 1e-3f);
        Assert.InRange((expected - actual).abs().max().item<float>(), 0, 1e-3f * expected.abs().max().item<float>());

        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{precision}: files {written.TotalSeconds:F0} s, load {(loaded - written).TotalSeconds:F0} s, prefill of {prompt.Ids.Count} tokens {text.PrefillSeconds:F1} s, "
            + $"{text.DecodeSeconds / (NewTokens - 1) * 1000:F0} ms a token, peak resident {Memory("/proc/self/status", PeakLine) / (double)GiB:F1} GiB");
    }

    public void Dispose()
    {
        _folder.Dispose();
        _scope.Dispose();
    }

    private static void Load(PhiLanguageModel model, string index)
    {
        var targets = model.state_dict();
        var sinks = model.Storage!.IsInt8
            ? model.Linears.ToDictionary(item => $"{item.Name}.weight", item => new WeightSink(item.Linear.Weight.shape, item.Linear.Store))
            : [];
        WeightLoader.Load([new WeightPart("language-model", [new WeightFile(index)], targets
            .Where(item => !sinks.ContainsKey(item.Key) && !item.Key.EndsWith("_scale", StringComparison.Ordinal)).ToDictionary()) { Sinks = sinks }]);
    }

    private static long Memory(string file, Regex line) =>
        long.Parse(line.Match(File.ReadAllText(file)).Groups[1].Value, CultureInfo.InvariantCulture) * 1024;

    [GeneratedRegex(@"^MemAvailable:\s+(\d+) kB", RegexOptions.Multiline)]
    private static partial Regex AvailableLine { get; }

    [GeneratedRegex(@"^VmHWM:\s+(\d+) kB", RegexOptions.Multiline)]
    private static partial Regex PeakLine { get; }
}
