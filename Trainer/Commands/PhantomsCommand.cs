using System.Diagnostics;
using System.Globalization;
using HSENet.Trainer.Data;
using HSENet.Trainer.Phantoms;

namespace HSENet.Trainer.Commands;

/// <summary><c>phantoms --out DIR --count N [--seed S] [--size DxHxW] [--dicom] [--life-size] [--extended] [--shuffle]</c>.</summary>
internal static class PhantomsCommand
{
    private const int MostCases = 1_000_000;
    private const int MostSide = 1024;

    /// <summary>Between two lines of progress.</summary>
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(10);

    public static void Run(string[] args, TextWriter output)
    {
        var options = new Options("phantoms", args, ["--out", "--count", "--seed", "--size"], "--dicom", "--life-size", "--extended", "--shuffle");
        var directory = options.Required("--out");
        var corpus = new PhantomCorpusOptions
        {
            Count = options.Number("--count", null, 1, MostCases),
            Seed = options.Number("--seed", 1, 0, int.MaxValue),
            Size = Size(options.Text("--size"), options.Has("--dicom")),
            Dicom = options.Has("--dicom"),
            Shuffle = options.Has("--shuffle"),
            Findings = new() { Large = !options.Has("--life-size"), Extended = options.Has("--extended") },
        };
        var (slices, rows, columns) = corpus.Size;
        if (!corpus.Findings.ShowOn(slices, rows, columns))
        {
            throw new UsageException("phantoms: --size: findings would slip through this grid: 32x64x64 or finer, 64x180x180 with --life-size.");
        }

        var clock = Stopwatch.StartNew();
        var items = PhantomCorpus.Write(directory, corpus, new LineProgress(output, corpus.Count, clock));
        var distinct = items.GroupBy(item => string.Join('|', item.Details)).Count(group => group.Count() == 1);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{items.Count} cases in {clock.Elapsed.TotalSeconds:F1} s ({items.Count / clock.Elapsed.TotalMinutes:F0} a minute), {100.0 * distinct / items.Count:F0} % of them unlike all others"));
        output.WriteLine(Path.Combine(directory, ManifestWriter.FileName));
    }

    /// <summary>A series that a PACS takes for one is finer than what trains quickly.</summary>
    private static (int Slices, int Rows, int Columns) Size(string? text, bool dicom)
    {
        if (text is null)
        {
            return dicom ? (64, 256, 256) : new PhantomCorpusOptions { Count = 0 }.Size;
        }

        var numbers = text.Split('x').Select(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n is >= 1 and <= MostSide ? n : 0).ToArray();
        return numbers is [> 0 and var d, > 0 and var h, > 0 and var w]
            ? (d, h, w)
            : throw new UsageException($"phantoms: --size {text}: three numbers of 1 to {MostSide} are wanted, as in 32x64x64.");
    }

    /// <summary>A line now and then.</summary>
    private sealed class LineProgress(TextWriter output, int count, Stopwatch clock) : IProgress<int>
    {
        private readonly Lock _lock = new();
        private TimeSpan _next = s_interval;

        public void Report(int value)
        {
            lock (_lock)
            {
                if (clock.Elapsed < _next || value == count)
                {
                    return;
                }

                _next = clock.Elapsed + s_interval;
                var left = clock.Elapsed * ((double)(count - value) / value);
                output.WriteLine(string.Create(
                    CultureInfo.InvariantCulture, $"{value} of {count}, {value / clock.Elapsed.TotalMinutes:F0} a minute, {left.TotalSeconds:F0} s left"));
            }
        }
    }
}
