namespace HSENet.Trainer.Evaluation.Vqa;

/// <summary>Right answers to one kind of question.</summary>
/// <param name="Count">Questions.</param>
/// <param name="Accuracy">Share of answers equal to the truth but for case and white space around them.</param>
/// <param name="Majority">Accuracy of always giving the most frequent answer: what is to be beaten.</param>
/// <param name="MeanErrorMm">Of answers and truths that are lengths in mm; null where there are none.</param>
internal sealed record AnswerScore(int Count, double Accuracy, double Majority, double? MeanErrorMm)
{
    /// <summary>By kind of question.</summary>
    public static IReadOnlyDictionary<string, AnswerScore> ByKind(IEnumerable<(string Kind, string Prediction, string Answer)> items) =>
        items.GroupBy(item => item.Kind, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => Of([.. group.Select(item => (item.Prediction, item.Answer))]), StringComparer.Ordinal);

    private static AnswerScore Of((string Prediction, string Answer)[] items)
    {
        var most = items.GroupBy(item => item.Answer.Trim().ToLowerInvariant(), StringComparer.Ordinal).Max(group => group.Count());
        var errors = items.Select(item => Millimetres(item.Prediction) - Millimetres(item.Answer)).OfType<double>().Select(Math.Abs).ToArray();
        return new(
            items.Length,
            (double)items.Count(item => VqaMetrics.IsMinor(item.Prediction, item.Answer)) / items.Length,
            (double)most / items.Length,
            errors.Length > 0 ? errors.Average() : null);
    }

    private static double? Millimetres(string text) =>
        text.Trim() is var trimmed && trimmed.EndsWith(" mm", StringComparison.OrdinalIgnoreCase)
        && double.TryParse(trimmed[..^3], System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out var mm) ? mm : null;
}
