using FellowOakDicom;

namespace HSENet.Benchmarks.Pipeline;

/// <summary>What the PACS has, read from its files: nothing of what we say about ourselves.</summary>
internal static class ReportFiles
{
    /// <summary>The series that each report is about, by its evidence, with the time at which the file was complete.</summary>
    public static async Task<IReadOnlyList<ReceivedReport>> ReadAsync(string folder)
    {
        var reports = new List<ReceivedReport>();
        foreach (var path in Directory.EnumerateFiles(folder))
        {
            var dataSet = (await DicomFile.OpenAsync(path)).Dataset;
            var study = dataSet.GetSequence(DicomTag.CurrentRequestedProcedureEvidenceSequence).Items.Single();
            var series = study.GetSequence(DicomTag.ReferencedSeriesSequence).Items.Single();
            reports.Add(new ReceivedReport(
                series.GetSingleValue<string>(DicomTag.SeriesInstanceUID), dataSet.GetSingleValue<string>(DicomTag.SOPInstanceUID), File.GetLastWriteTimeUtc(path)));
        }

        return reports;
    }
}

/// <summary>A report at the PACS.</summary>
internal sealed record ReceivedReport(string SeriesUid, string SopInstanceUid, DateTime ArrivedAt);
