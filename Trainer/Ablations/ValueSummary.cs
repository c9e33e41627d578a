namespace HSENet.Trainer.Ablations;

/// <summary>One measured value over the seeds.</summary>
/// <param name="Values">In the order of the seeds.</param>
/// <param name="Mean">Of them.</param>
/// <param name="StandardDeviation">Of the sample (n - 1); null with one seed.</param>
/// <param name="HalfWidth95">Of the 95 % confidence interval of the mean by Student's t; null with one seed.</param>
internal sealed record ValueSummary(IReadOnlyList<double> Values, double Mean, double? StandardDeviation, double? HalfWidth95)
{
    private const double Normal = 1.959964;

    /// <summary>0.975 quantile of Student's t for 1, 2, … degrees of freedom.</summary>
    private static readonly double[] s_t =
    [
        12.706205, 4.302653, 3.182446, 2.776445, 2.570582, 2.446912, 2.364624, 2.306004, 2.262157, 2.228139, 2.200985, 2.178813, 2.160369, 2.144787, 2.131450,
        2.119905, 2.109816, 2.100922, 2.093024, 2.085963, 2.079614, 2.073873, 2.068658, 2.063899, 2.059539, 2.055529, 2.051831, 2.048407, 2.045230, 2.042272,
    ];

    /// <param name="values">At least one.</param>
    public static ValueSummary Of(IReadOnlyList<double> values)
    {
        var mean = values.Average();
        if (values.Count == 1)
        {
            return new(values, mean, null, null);
        }

        var deviation = Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1));
        var quantile = values.Count - 2 < s_t.Length ? s_t[values.Count - 2] : Normal;
        return new(values, mean, deviation, quantile * deviation / Math.Sqrt(values.Count));
    }
}
