using System.Diagnostics;
using System.Globalization;
using HSENet.Model.Language;
using HSENet.Model.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Benchmarks.FineTuning;

/// <summary>
/// A training step of an adapter on a frozen int8 language model, with layers kept and with layers run again: peak memory above what the process
/// holds before the step, and time, as ratios of one run.
/// </summary>
internal static class CheckpointingBenchmark
{
    private const int Rounds = 3;

    private static readonly PhiConfig s_config = new()
    {
        HiddenSize = 384, LayerCount = 12, HeadCount = 6, KeyValueHeadCount = 2, IntermediateSize = 1024, VocabularySize = 4000, MaxPositions = 1024, PartialRotaryFactor = 0.75,
    };

    public static void Run()
    {
        using var language = Frozen();
        using var adapter = new LoraAdapter(s_config, new LoraConfig(16, 32));
        adapter.train();
        language.Use(adapter);
        Step(language, adapter, again: false);
        var (kept, again) = (new List<(double MiB, double Seconds)>(), new List<(double MiB, double Seconds)>());
        for (var round = 0; round < Rounds; round++)
        {
            kept.Add(Step(language, adapter, again: false));
            again.Add(Step(language, adapter, again: true));
        }

        var (one, other) = (Median(kept), Median(again));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"layers kept      {one.MiB,8:F0} MiB {one.Seconds,8:F2} s"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"layers run again {other.MiB,8:F0} MiB {other.Seconds,8:F2} s"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"ratio            {other.MiB / one.MiB,8:F2}     {other.Seconds / one.Seconds,8:F2}"));
    }

    private static PhiLanguageModel Frozen()
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var language = new PhiLanguageModel(s_config, new WeightStorage(ScalarType.Float32, IsInt8: true));
        foreach (var parameter in language.parameters())
        {
            parameter.requires_grad = false;
            parameter.normal_(0, 0.02);
        }

        foreach (var (_, linear) in language.Linears)
        {
            linear.Store(randn(linear.Weight.shape) * 0.02);
        }

        return language;
    }

    private static (double MiB, double Seconds) Step(PhiLanguageModel language, LoraAdapter adapter, bool again)
    {
        NativeHeap.Trim();
        File.WriteAllText("/proc/self/clear_refs", "5");   // the peak starts anew
        var before = Status("VmRSS:");
        var clock = Stopwatch.StartNew();
        using (NewDisposeScope())
        {
            var embedded = randn(4, 512, s_config.HiddenSize).requires_grad_(true);                          // [B, T, hidden]
            long[] labels = [.. Enumerable.Range(0, 4 * 512).Select(i => i % 512 < 256 ? -100L : i % s_config.VocabularySize)];
            var hidden = again ? language.HiddenRecomputed(embedded) : language.Hidden(embedded);           // [B, T, hidden]
            AnswerLoss.Of(language, hidden, labels).backward();
        }

        var seconds = clock.Elapsed.TotalSeconds;
        var peak = Status("VmHWM:");
        foreach (var parameter in adapter.parameters())
        {
            using var gradient = parameter.grad;
            parameter.grad = null;
        }

        return (peak - before, seconds);
    }

    private static (double MiB, double Seconds) Median(List<(double MiB, double Seconds)> all) =>
        (all.Select(item => item.MiB).Order().ElementAt(all.Count / 2), all.Select(item => item.Seconds).Order().ElementAt(all.Count / 2));

    /// <returns>MiB of a line of /proc/self/status.</returns>
    private static double Status(string name) => File.ReadLines("/proc/self/status").Where(line => line.StartsWith(name, StringComparison.Ordinal))
        .Select(line => double.Parse(line[name.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) / 1024).Single();
}
