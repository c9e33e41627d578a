using HSENet.Benchmarks.Pipeline;

namespace HSENet.Benchmarks.Soak;

/// <summary>A quantity in the first and in the last fifth of a soak; flat when the last does not exceed the first by more than the limit.</summary>
/// <param name="What">Name and unit.</param>
/// <param name="First">Of the first fifth.</param>
/// <param name="Last">Of the last fifth.</param>
/// <param name="Limit">Largest ratio of last to first that counts as flat.</param>
/// <param name="Slowdown">By how much the machine itself became slower, for what depends on its pace; 1 for what does not.</param>
internal sealed record Drift(string What, double First, double Last, double Limit, double Slowdown = 1)
{
    public double Ratio => Last / First;

    /// <summary>False for what was not measured, too.</summary>
    public bool IsFlat => Ratio / Math.Max(1, Slowdown) <= Limit;

    /// <param name="what">Name and unit.</param>
    /// <param name="values">In the order of the soak.</param>
    /// <param name="percent">Which order statistic is compared.</param>
    /// <param name="limit">Largest ratio.</param>
    /// <param name="slowdown">Of the machine.</param>
    public static Drift Of(string what, IReadOnlyList<double> values, int percent, double limit, double slowdown)
    {
        var fifth = Math.Max(1, values.Count / 5);
        return new Drift(what, values.Take(fifth).Percentile(percent), values.TakeLast(fifth).Percentile(percent), limit, slowdown);
    }
}
