namespace HSENet.Trainer.Training;

/// <summary>Which studies form which batch of an epoch: a shuffle by seed and epoch, cut into whole batches; the rest waits for another epoch.</summary>
internal static class BatchOrder
{
    /// <param name="count">Studies.</param>
    /// <param name="seed">Of the run.</param>
    /// <param name="epoch">From 0.</param>
    public static int[] Shuffle(int count, int seed, int epoch)
    {
        var order = Enumerable.Range(0, count).ToArray();
        Draws.ForOrder(seed, epoch).Shuffle(order);
        return order;
    }
}
