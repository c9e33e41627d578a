using static TorchSharp.torch;

namespace HSENet.Trainer.Training.Distributed;

/// <summary>What every process needs to know of the others. All of them have to ask, in the same order.</summary>
internal static class ProcessGroupExtensions
{
    /// <returns>True everywhere where it is true for any process.</returns>
    public static bool Any(this IProcessGroup group, bool value) => group.All(value ? 1 : 0).Any(other => other > 0);

    /// <summary>How much of the mean over all processes the mean of this one's own values is to weigh, so that each value weighs the same wherever it is.</summary>
    /// <param name="group">The processes.</param>
    /// <param name="count">Values of this process.</param>
    /// <returns>1 with equal counts; 0 where there are none</returns>
    public static double Share(this IProcessGroup group, int count)
    {
        var all = group.All(count).Sum(value => (double)value);
        return all > 0 ? count * group.Count / all : 0;
    }

    /// <summary>The value of rank 0, below 2^44.</summary>
    public static long OfFirst(this IProcessGroup group, long value) => ((long)group.All(value >> 20)[0] << 20) + (long)group.All(value & ((1 << 20) - 1))[0];

    /// <summary>Means over the processes, of sums that all have under the same names.</summary>
    public static LossMeans Mean(this IProcessGroup group, LossMeans own)
    {
        if (group.Count == 1)
        {
            return own;
        }

        using var values = tensor([own.Loss, .. own.Parts.Values], ScalarType.Float32);
        group.Average([values]);
        var means = values.data<float>();
        return own with { Loss = means[0], Parts = own.Parts.Keys.Select((name, i) => (name, i)).ToDictionary(item => item.name, item => (double)means[item.i + 1], StringComparer.Ordinal) };
    }

    /// <exception cref="TrainerException"><c>training.ranks</c>: the processes differ in what must be the same.</exception>
    public static void Agree(this IProcessGroup group, float value, string what)
    {
        var all = group.All(value);
        if (all.Distinct().Count() > 1)
        {
            throw new TrainerException("training.ranks", $"The processes have different {what}: {string.Join(", ", all)}.");
        }
    }
}
