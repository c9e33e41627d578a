using HSENet.Benchmarks.Pipeline;

namespace HSENet.Benchmarks.Soak;

/// <summary>All that was seen, and the verdict.</summary>
internal sealed record SoakResult
{
    /// <summary>What <see cref="Verification"/> is when <c>audit verify</c> found nothing.</summary>
    public const string Clean = "clean";

    // Generous for a machine that does other things too; what leaks or scans grows by more over thousands of series.
    private const double MemoryLimit = 1.15;
    private const double MedianLimit = 1.25;
    private const double TailLimit = 1.5;

    public required PipelineOptions Options { get; init; }

    public required int ProcessorCount { get; init; }

    /// <summary>From the first association to the last report.</summary>
    public required double Seconds { get; init; }

    /// <summary>In the order of their last answers.</summary>
    public required IReadOnlyList<SoakedSeries> Series { get; init; }

    /// <summary>Files at the PACS.</summary>
    public required int ReportCount { get; init; }

    public required IReadOnlyList<Sample> Samples { get; init; }

    public required IReadOnlyList<TableReads> Tables { get; init; }

    public required IReadOnlyList<EventCoverage> Audit { get; init; }

    /// <summary>Instances that the audit says were stored.</summary>
    public required long InstanceCount { get; init; }

    /// <summary>What <c>audit verify</c> said.</summary>
    public required string Verification { get; init; }

    /// <summary>By how much the machine became slower from the first fifth to the last.</summary>
    public double Slowdown => Late(sample => sample.PaceSeconds) / Early(sample => sample.PaceSeconds);

    /// <summary>Latency from the last answer to the report at the PACS, the sending itself, and each process's memory.</summary>
    public IReadOnlyList<Drift> Drifts =>
    [
        Drift.Of("receive to SR, median, s", Latencies, 50, MedianLimit, Slowdown),
        Drift.Of("receive to SR, p95, s", Latencies, 95, TailLimit, Slowdown),
        Drift.Of("sending a series, median, s", [.. Series.Select(series => series.SendSeconds)], 50, MedianLimit, Slowdown),
        new("gateway, heap after a collection, median, MiB", Early(sample => sample.GatewayHeapMiB), Late(sample => sample.GatewayHeapMiB), MemoryLimit),
        .. Samples[0].ResidentMiB.Keys.Select(process =>
            new Drift($"{process}, resident, median, MiB", Early(sample => sample.ResidentMiB[process]), Late(sample => sample.ResidentMiB[process]), MemoryLimit)),
    ];

    /// <summary>Broken promises; none: the soak holds.</summary>
    public IEnumerable<string> Failures =>
    [
        .. Series.Where(series => series.ReportCount != 1).Take(10).Select(series => $"series {series.Number} has {series.ReportCount} reports"),
        .. ReportCount == Options.SeriesCount ? Array.Empty<string>() : [$"{ReportCount} files at the PACS for {Options.SeriesCount} series"],
        .. InstanceCount == (long)Options.SeriesCount * SmallSeries.SliceCount ? Array.Empty<string>() : [$"the audit knows of {InstanceCount} instances"],
        .. Audit.Where(row => row.MissingCount != 0 || row.ExcessCount != 0).Select(row => $"{row.Event}: {row.MissingCount} missing, {row.ExcessCount} too many"),
        .. Verification == Clean ? Array.Empty<string>() : [$"audit verify: {Verification}"],
        .. Drifts.Where(drift => !drift.IsFlat).Select(drift => $"{drift.What} rose from {drift.First:F3} to {drift.Last:F3}, ratio {drift.Ratio:F2} over {drift.Limit:F2}"),
    ];

    private double[] Latencies => [.. Series.Where(series => series.LatencySeconds is not null).Select(series => series.LatencySeconds!.Value)];

    public static IReadOnlyList<SoakedSeries> Match(IReadOnlyList<SentSeries> sent, IReadOnlyList<ReceivedReport> reports)
    {
        var bySeries = reports.ToLookup(report => report.SeriesUid);
        return
        [
            .. sent.Select(series =>
            {
                var own = bySeries[series.SeriesUid].ToList();
                return new SoakedSeries(series.Number, series.AnsweredAt, series.SendSeconds, own.Count, own.Count == 0 ? null : (own[0].ArrivedAt - series.AnsweredAt).TotalSeconds);
            }),
        ];
    }

    /// <summary>By how far the soak was, not by time: what comes before the first report is the start.</summary>
    private double Early(Func<Sample, double> value) =>
        Samples.Where(sample => sample.ReportCount > 0 && sample.ReportCount <= Options.SeriesCount / 5).Select(value).Median();

    private double Late(Func<Sample, double> value) =>
        Samples.Where(sample => sample.ReportCount >= Options.SeriesCount - (Options.SeriesCount / 5)).Select(value).Median();
}

/// <param name="Number">From 1.</param>
/// <param name="AnsweredAt">Time of the last 0000.</param>
/// <param name="SendSeconds">The whole association.</param>
/// <param name="ReportCount">Reports of it at the PACS: one.</param>
/// <param name="LatencySeconds">From the last answer to its report.</param>
internal sealed record SoakedSeries(int Number, DateTime AnsweredAt, double SendSeconds, int ReportCount, double? LatencySeconds);
