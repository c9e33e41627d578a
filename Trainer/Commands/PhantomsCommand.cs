using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using HSENet.Commands;
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

    public static Command Create()
    {
        var directory = Parameters.Text("--out", "DIR", "Volumes, reports, labels, questions and their manifest.").Needed();
        var count = Parameters.Number("--count", "N", "Cases to make.", 1, MostCases).Needed();
        var seed = Parameters.Number("--seed", "S", "The same seed makes the same cases.", 0, int.MaxValue, 1);
        var dicom = Parameters.Flag("--dicom", "Writes DICOM series too, 64x256x256 without --size.");
        var size = Parameters.Text("--size", "DxHxW", $"Slices, rows and columns of each volume, 1 to {MostSide} each, such as 32x64x64.");
        var lifeSize = Parameters.Flag("--life-size", "Findings as large as in patients, for grids of 64x180x180 or finer.");
        var extended = Parameters.Flag("--extended", "More kinds of findings.");
        var shuffle = Parameters.Flag("--shuffle", "Gives each report to another volume, as a control.");
        var command = new Command("phantoms", "Makes synthetic chest CT with findings, reports, labels, questions and answers.")
            .With(directory, count, seed, dicom, size, lifeSize, extended, shuffle);
        command.SetAction(result => Run(
            result.GetRequiredValue(directory),
            new PhantomCorpusOptions
            {
                Count = result.GetValue(count)!.Value,
                Seed = result.GetValue(seed),
                Size = Size(result.GetValue(size), result.GetValue(dicom)),
                Dicom = result.GetValue(dicom),
                Shuffle = result.GetValue(shuffle),
                Findings = new() { Large = !result.GetValue(lifeSize), Extended = result.GetValue(extended) },
            },
            result.InvocationConfiguration.Output));
        return command;
    }

    private static void Run(string directory, PhantomCorpusOptions corpus, TextWriter output)
    {
        var (slices, rows, columns) = corpus.Size;
        if (!corpus.Findings.ShowOn(slices, rows, columns))
        {
            throw new UsageException("--size: findings would slip through this grid: 32x64x64 or finer, 64x180x180 with --life-size.");
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
            : throw new UsageException($"--size {text}: three numbers of 1 to {MostSide} are wanted, as in 32x64x64.");
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
