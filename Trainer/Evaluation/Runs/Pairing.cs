namespace HSENet.Trainer.Evaluation.Runs;

/// <summary>Gives every case another one.</summary>
internal static class Pairing
{
    /// <param name="count">At least 2.</param>
    /// <param name="seed">Of the draw.</param>
    /// <returns>For each number another number; every number once.</returns>
    public static IReadOnlyList<int> Others(int count, int seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 2);
        var order = Enumerable.Range(0, count).ToArray();
        new Random(seed).Shuffle(order);
        var others = new int[count];
        for (var i = 0; i < count; i++)
        {
            others[order[i]] = order[(i + 1) % count];   // one circle through all: nobody meets itself
        }

        return others;
    }
}
