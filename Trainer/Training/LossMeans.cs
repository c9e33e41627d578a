namespace HSENet.Trainer.Training;

/// <summary>Sums of a loss and of its parts. Written to checkpoints, so that an epoch's mean is the same after a resume.</summary>
internal sealed record LossMeans
{
    public long Count { get; init; }

    public double Loss { get; init; }

    public IReadOnlyDictionary<string, double> Parts { get; init; } = new Dictionary<string, double>();

    public double Mean => Loss / Math.Max(1, Count);

    public IReadOnlyDictionary<string, double> PartMeans() => Parts.ToDictionary(item => item.Key, item => item.Value / Math.Max(1, Count), StringComparer.Ordinal);

    public LossMeans With(double loss, IReadOnlyDictionary<string, double> parts)
    {
        var sums = new SortedDictionary<string, double>(Parts.ToDictionary(), StringComparer.Ordinal);
        foreach (var (name, value) in parts)
        {
            sums[name] = sums.GetValueOrDefault(name) + value;
        }

        return new LossMeans { Count = Count + 1, Loss = Loss + loss, Parts = sums };
    }
}
