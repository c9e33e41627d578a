using HSENet.Model;

namespace HSENet.Worker.Reporting;

/// <summary>Why a report is marked PARTIAL, in words for its reader.</summary>
internal static class PartialText
{
    /// <summary>Stands for findings that were not written.</summary>
    public const string NoText = "No text was generated.";

    /// <returns>Null when the report is complete.</returns>
    public static string? Reason(FinishReason finish, bool isPartialSeries)
    {
        var text = finish switch
        {
            FinishReason.Stop => null,
            FinishReason.Length => "The text was cut at the length limit.",
            FinishReason.Time => "The text was cut at the time limit.",
            FinishReason.Repetition => "The text was cut because it repeated itself.",
            FinishReason.Empty => NoText,
            FinishReason.TooShort => "The text is shorter than a report should be.",
            FinishReason.NotFinite => "The text was cut because the model's numbers broke down.",
            _ => $"Generation ended with {finish}.",
        };
        const string partialSeries = "The series was still arriving at its deadline; slices may be missing.";
        return (text, isPartialSeries) switch
        {
            (null, false) => null,
            (null, true) => partialSeries,
            (_, false) => text,
            _ => $"{text} {partialSeries}",
        };
    }
}
