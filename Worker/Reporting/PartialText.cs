using HSENet.Model;
using HSENet.Worker.Series;

namespace HSENet.Worker.Reporting;

/// <summary>Why a report is marked PARTIAL, in words for its reader.</summary>
internal static class PartialText
{
    /// <summary>Stands for findings that were not written.</summary>
    public const string NoText = "No text was generated.";

    private const string CoveredInPart = "The scan does not show the lungs from apices to bases.";

    /// <param name="finish">How the text ended.</param>
    /// <param name="isPartialSeries">The series was closed before it was known to be complete.</param>
    /// <param name="seriesReason">Stable code of why; null when none was kept.</param>
    /// <param name="isCoveredInPart">The scan does not show the lungs to both ends.</param>
    /// <returns>Null when the report is complete.</returns>
    public static string? Reason(FinishReason finish, bool isPartialSeries, string? seriesReason = null, bool isCoveredInPart = false)
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
            FinishReason.Unfinished => "A sentence of the text breaks off.",
            FinishReason.Duplicate => "The text tells the same finding twice.",
            FinishReason.Contradiction => "The text contradicts itself about a finding or its side.",
            FinishReason.Implausible => "The text tells a size that no such finding has.",
            _ => $"Generation ended with {finish}.",
        };
        var reasons = new[] { text, isPartialSeries ? OfSeries(seriesReason) : null, isCoveredInPart ? CoveredInPart : null }.OfType<string>().ToArray();
        return reasons.Length == 0 ? null : string.Join(' ', reasons);
    }

    /// <summary>At most 64 characters each, what Completion Flag Description holds (PS3.5 6.2, VR LO).</summary>
    private static string OfSeries(string? reason) => reason switch
    {
        PartialReason.Aborted => "The transfer was aborted; slices may be missing.",
        PartialReason.ConnectionLost => "The sender's connection was lost; slices may be missing.",
        PartialReason.TimedOut => "The sender fell silent in transfer; slices may be missing.",
        PartialReason.HostStopped => "The transfer was interrupted here; slices may be missing.",
        PartialReason.TurnedAway => "Images were turned away and not resent; slices may be missing.",
        PartialReason.RefusedInstance => "Images were refused as unusable; slices may be missing.",
        PartialReason.OuterLimit => "Slices still came at the outer limit; slices may be missing.",
        PartialReason.Recovered => "Rebuilt from the files kept here; slices may be missing.",
        _ => "Transfer had not ended by the deadline; slices may be missing.",
    };
}
