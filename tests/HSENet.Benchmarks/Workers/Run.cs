namespace HSENet.Benchmarks.Workers;

/// <summary>One measurement of the throughput.</summary>
/// <param name="WorkerCount">Processes.</param>
/// <param name="JobCount">Jobs of the measurement.</param>
/// <param name="Seconds">From the first job's start to the last one's draft.</param>
/// <param name="SeriesPerMinute">Of all workers together.</param>
/// <param name="ModelShare">Share of the workers' time that the model slept: 1 is what no service can exceed.</param>
/// <param name="RunOverheadSeconds">Median of what a run takes from its claim to its commit beside the model.</param>
/// <param name="JobOverheadSeconds">Mean of what a worker takes for each job beside the model, the wait for the next one included.</param>
internal sealed record Run(
    int WorkerCount, int JobCount, double Seconds, double SeriesPerMinute, double ModelShare, double RunOverheadSeconds, double JobOverheadSeconds);
