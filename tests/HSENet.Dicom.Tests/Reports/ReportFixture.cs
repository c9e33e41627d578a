using FellowOakDicom;
using HSENet.Dicom.Reports;
using HSENet.Dicom.Series;
using HSENet.TestKit;

namespace HSENet.Dicom.Tests.Reports;

/// <summary>A draft report over a built series, and ways into its document.</summary>
internal static class ReportFixture
{
    public static readonly Guid JobId = new("11111111-2222-3333-4444-555555555555");

    public static DraftReport Report(Action<DicomDataset>? editSource = null)
    {
        var series = new CtSeriesBuilder();
        var header = series.DataSet(0);
        header.Remove(DicomTag.PixelData);
        editSource?.Invoke(header);
        return new()
        {
            ReportId = JobId,
            Source = new()
            {
                StudyInstanceUid = series.StudyUid,
                SeriesInstanceUid = series.SeriesUid,
                Slices = [.. Enumerable.Range(0, series.SliceCount).Select(i => new SourceInstance(DicomUID.CTImageStorage.UID, series.SliceUid(i), 5.0 * i))],
                Header = header,
            },
            Findings = "The lungs are clear.\nThe heart is of normal size.",
            Impression = "No significant abnormality.",
            CreatedAt = new(2026, 3, 4, 4, 6, 7, TimeSpan.Zero),
            TimeZone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"),
            Author = new()
            {
                ModelName = "Demo", ModelVersion = "1.2", ModelDigest = new string('a', 64), ServiceVersion = "0.1.0", DeploymentId = "deployment-7", StationAeTitle = "HSENET",
            },
        };
    }

    public static DicomDataset Document(DraftReport report) => DraftReportDocument.Build(report).Dataset;

    public static byte[] Bytes(DraftReport report)
    {
        using var stream = new MemoryStream();
        DraftReportDocument.Build(report).Save(stream);
        return stream.ToArray();
    }

    /// <summary>Each item of the tree as "depth relationship type name = value", in order.</summary>
    public static IEnumerable<string> Rows(DicomDataset item, int depth = 0)
    {
        var children = item.TryGetSequence(DicomTag.ContentSequence, out var sequence) ? sequence.Items : [];
        foreach (var child in children)
        {
            var type = child.GetString(DicomTag.ValueType);
            var value = type switch
            {
                "CODE" => Code(child, DicomTag.ConceptCodeSequence),
                "TEXT" => child.GetString(DicomTag.TextValue),
                "UIDREF" => child.GetString(DicomTag.UID),
                _ => child.GetString(DicomTag.ContinuityOfContent),
            };
            yield return $"{depth} {child.GetString(DicomTag.RelationshipType)} {type} {Code(child, DicomTag.ConceptNameCodeSequence)} = {value}";
            foreach (var row in Rows(child, depth + 1))
                yield return row;
        }
    }

    public static string Code(DicomDataset item, DicomTag tag)
    {
        var code = Assert.Single(item.GetSequence(tag).Items);
        return $"{code.GetString(DicomTag.CodeValue)} {code.GetString(DicomTag.CodingSchemeDesignator)}";
    }
}
