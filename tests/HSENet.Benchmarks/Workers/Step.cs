using HSENet.Benchmarks.Pipeline;

namespace HSENet.Benchmarks.Workers;

/// <summary>How long a step on the way takes.</summary>
internal sealed record Step(string Name, double MedianMs, double P95Ms, IReadOnlyList<double> AllMs)
{
    public static Step Of(string name, IEnumerable<TimeSpan> times)
    {
        double[] all = [.. times.Select(time => time.TotalMilliseconds)];
        return new Step(name, all.Median(), all.Percentile(95), all);
    }
}
