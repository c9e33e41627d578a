namespace HSENet.Trainer.Evaluation.Retrieval;

/// <summary>How alike in labels the volumes are that lie nearest to a volume, for each K.</summary>
/// <param name="Reference">
/// As HSENet's (and CT-CLIP's) evaluation prints it as MAP@K: the query stays in the gallery, and the list of means is not emptied between the K, so
/// each number is the mean of those of all smaller K too.
/// </param>
/// <param name="WithSelf">The same for each K alone.</param>
/// <param name="WithoutSelf">Also without the query in the gallery: the number that means something.</param>
/// <param name="MeanAveragePrecision">MAP@K proper, without the query; relevant is what shares a label. Queries without a relevant volume score 0.</param>
internal sealed record VolumeToVolume(
    IReadOnlyDictionary<int, double> Reference,
    IReadOnlyDictionary<int, double> WithSelf,
    IReadOnlyDictionary<int, double> WithoutSelf,
    IReadOnlyDictionary<int, double> MeanAveragePrecision)
{
    /// <summary>The K of the paper's table.</summary>
    public static IReadOnlyList<int> PaperCutoffs { get; } = [1, 5, 10, 50];

    /// <param name="images">Square: every volume with every volume.</param>
    /// <param name="labels">One row for each volume; a volume without labels is a query and in no gallery.</param>
    /// <param name="cutoffs">Ascending.</param>
    public static VolumeToVolume Compute(Similarities images, IReadOnlyList<bool[]> labels, IReadOnlyList<int> cutoffs)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(images.QueryCount, labels.Count);
        ArgumentOutOfRangeException.ThrowIfNotEqual(images.DocumentCount, labels.Count);
        var gallery = Enumerable.Range(0, labels.Count).Where(i => labels[i].Contains(true)).ToArray();
        var most = cutoffs.DefaultIfEmpty(0).Max() + 1;
        var nearest = Enumerable.Range(0, labels.Count).Select(query => images.Nearest(query, gallery, most)).ToArray();
        var others = nearest.Select((found, query) => found.Where(i => i != query).ToArray()).ToArray();

        var (withSelf, withoutSelf, map) = (new Dictionary<int, double>(), new Dictionary<int, double>(), new Dictionary<int, double>());
        var (reference, sum) = (new Dictionary<int, double>(), 0.0);
        foreach (var k in cutoffs)
        {
            withSelf[k] = Mean(labels.Count, query => Alike(labels, query, nearest[query], k));
            withoutSelf[k] = Mean(labels.Count, query => Alike(labels, query, others[query], k));
            map[k] = Mean(labels.Count, query => AveragePrecision(labels, query, others[query], gallery, k));
            sum += withSelf[k];
            reference[k] = sum / withSelf.Count;
        }

        return new(reference, withSelf, withoutSelf, map);
    }

    /// <summary>Labels in both, over labels in both or in one (Jaccard).</summary>
    public static double LabelSimilarity(bool[] a, bool[] b)
    {
        var (both, differ) = (a.Zip(b).Count(pair => pair.First && pair.Second), a.Zip(b).Count(pair => pair.First != pair.Second));
        return both + differ == 0 ? 0 : (double)both / (both + differ);
    }

    private static double Alike(IReadOnlyList<bool[]> labels, int query, IReadOnlyList<int> found, int k) =>
        found.Take(k).Select(i => LabelSimilarity(labels[query], labels[i])).DefaultIfEmpty(0).Average();

    private static double AveragePrecision(IReadOnlyList<bool[]> labels, int query, int[] found, int[] gallery, int k)
    {
        bool Relevant(int i) => labels[query].Zip(labels[i]).Any(pair => pair.First && pair.Second);
        var relevant = gallery.Count(i => i != query && Relevant(i));
        var (hits, sum) = (0, 0.0);
        for (var i = 0; i < Math.Min(k, found.Length); i++)
        {
            if (Relevant(found[i]))
            {
                sum += (double)++hits / (i + 1);
            }
        }

        return relevant == 0 ? 0 : sum / Math.Min(k, relevant);
    }

    private static double Mean(int count, Func<int, double> score) => count == 0 ? 0 : Enumerable.Range(0, count).Average(score);
}
