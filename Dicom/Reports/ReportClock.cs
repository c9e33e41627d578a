using System.Globalization;
using FellowOakDicom;

namespace HSENet.Dicom.Reports;

/// <summary>
/// The one clock of a document. Timezone Offset From UTC (0008,0201) holds for every date and time of an instance (PS3.3 table C.12-1), so that it has to be true of the
/// study's, which are copied, as well as of our own: the source's offset where it tells one, else the one that the site's clocks had when the study was made.
/// </summary>
internal static class ReportClock
{
    private const int EarliestMinutes = -12 * 60;
    private const int LatestMinutes = 14 * 60;

    /// <summary>CreatedAt on that clock.</summary>
    public static DateTimeOffset LocalTime(DraftReport report) => report.CreatedAt.ToOffset(Offset(report));

    /// <summary>An offset as (0008,0201) wants it: +0100.</summary>
    public static string Text(TimeSpan offset) =>
        (offset < TimeSpan.Zero ? "-" : "+") + offset.ToString("hhmm", CultureInfo.InvariantCulture);

    private static TimeSpan Offset(DraftReport report)
    {
        if (SourceOffset(report.Source.Header) is { } told)
            return told;

        // summer and winter: an image of July has the clock of July, also when its report is written in December
        var offset = StudyTime(report.Source.Header) is { } made ? report.TimeZone.GetUtcOffset(made) : report.TimeZone.GetUtcOffset(report.CreatedAt);
        return TimeSpan.FromMinutes(Math.Truncate(offset.TotalMinutes));
    }

    private static TimeSpan? SourceOffset(DicomDataset source)
    {
        var text = source.TryGetString(DicomTag.TimezoneOffsetFromUTC, out var value) ? value?.Trim() ?? "" : "";
        if (text is not [('+' or '-') and var sign, ..] || text.Length != 5 || !int.TryParse(text.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var clock))
            return null;

        var minutes = (clock / 100 * 60 + clock % 100) * (sign == '-' ? -1 : 1);
        return clock % 100 < 60 && minutes is >= EarliestMinutes and <= LatestMinutes ? TimeSpan.FromMinutes(minutes) : null;
    }

    /// <summary>Study Date and Time as they will be copied; noon where only the date is there.</summary>
    private static DateTime? StudyTime(DicomDataset source)
    {
        if (!source.TryGetString(DicomTag.StudyDate, out var date)
            || !DateTime.TryParseExact(CopiedText.Legal("DA", date ?? ""), "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            return null;

        var time = source.TryGetString(DicomTag.StudyTime, out var text) ? CopiedText.Legal("TM", text ?? "") ?? "" : "";
        int Part(int at, int otherwise) => time.Length >= at + 2 ? int.Parse(time.AsSpan(at, 2), NumberStyles.None, CultureInfo.InvariantCulture) : otherwise;
        return day.AddHours(Part(0, 12)).AddMinutes(Part(2, 0));
    }
}
