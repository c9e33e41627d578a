using HSENet.Dicom.Content;
using HSENet.Dicom.Series;
using HSENet.Worker.Configuration;

namespace HSENet.Worker.Reporting;

/// <summary>What the check of pixels means for a report, by the site's settings.</summary>
/// <param name="Refusal">Code and detail; null: a report is made.</param>
/// <param name="IsCoveredInPart">The report says PARTIAL, for the scan lacks an end of the lungs.</param>
/// <param name="Notes">What is recorded beside it.</param>
/// <param name="Verdict">Of the pixels.</param>
internal sealed record ContentDecision(
    (RefusalReason Reason, string Detail)? Refusal, bool IsCoveredInPart, IReadOnlyList<SeriesNote> Notes, ContentVerdict Verdict)
{
    /// <param name="volume">In HU.</param>
    /// <param name="options">The site's.</param>
    /// <param name="isShadow">A shadow's report goes to nobody: it is made of anything, and what would have been refused is recorded.</param>
    public static ContentDecision Of(CtVolume volume, SeriesOptions options, bool isShadow)
    {
        var verdict = ChestContent.Judge(volume, options.Content.ToLimits());
        var coverage = verdict.MissingEnds.Count == 0 ? null
            : $"the {string.Join(" and the ", verdict.MissingEnds)} of the lungs are not in the scan";
        List<(RefusalReason Reason, string Detail)> found = [];
        if (verdict.Reason is { } reason)
            found.Add((reason, verdict.Detail!));
        if (coverage is not null)
            found.Add((RefusalReason.IncompleteCoverage, coverage));
        if (found.Count == 0)
            return new(null, false, [], verdict);

        foreach (var (why, detail) in found)
        {
            if (!isShadow && (why == RefusalReason.IncompleteCoverage ? options.Coverage == "refuse" : options.Content.Mode == "refuse"))
                return new((why, detail), false, [], verdict);
        }

        SeriesNote[] notes = [.. found.Select(f => new SeriesNote(f.Reason.Code(), f.Detail))];
        return new(null, coverage is not null && options.Coverage != "record", notes, verdict);
    }
}
