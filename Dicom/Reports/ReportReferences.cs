using FellowOakDicom;
using HSENet.Dicom.Series;

namespace HSENet.Dicom.Reports;

/// <summary>What the document refers to: the slices it was made from, the request it answers, the report it supersedes (PS3.3 C.17.2).</summary>
internal static class ReportReferences
{
    private static readonly DicomTag[] s_requestTags =
    [
        DicomTag.RequestedProcedureID, DicomTag.PlacerOrderNumberImagingServiceRequest, DicomTag.FillerOrderNumberImagingServiceRequest,
    ];

    public static void Add(DicomDataset document, DraftReport report)
    {
        var source = report.Source;
        var slices = source.Slices.Select(s => Sop(s.SopClassUid, s.SopInstanceUid)).ToArray();
        document.Add(new DicomSequence(DicomTag.CurrentRequestedProcedureEvidenceSequence, Hierarchy(source.StudyInstanceUid, source.SeriesInstanceUid, slices)));
        document.Add(new DicomSequence(DicomTag.PerformedProcedureCodeSequence, CopiedAttributes.Codes(source.Header, DicomTag.ProcedureCodeSequence)));

        var requests = Requests(source);
        if (requests.Length > 0)
            document.Add(new DicomSequence(DicomTag.ReferencedRequestSequence, requests));

        if (report.Predecessor is { } predecessor)
        {
            var study = report.PredecessorStudyUid ?? source.StudyInstanceUid;
            document.Add(Predecessor(study, predecessor.SeriesInstanceUid, DicomUID.BasicTextSRStorage.UID, predecessor.SopInstanceUid));
        }
    }

    /// <summary>Predecessor Documents Sequence with one document.</summary>
    public static DicomSequence Predecessor(string study, string series, string classUid, string instanceUid) =>
        new(DicomTag.PredecessorDocumentsSequence, Hierarchy(study, series, Sop(classUid, instanceUid)));

    private static DicomDataset Hierarchy(string study, string series, params DicomDataset[] instances) => ReportDataSet.Create(
        new DicomUniqueIdentifier(DicomTag.StudyInstanceUID, study),
        new DicomSequence(DicomTag.ReferencedSeriesSequence, ReportDataSet.Create(
            new DicomUniqueIdentifier(DicomTag.SeriesInstanceUID, series),
            new DicomSequence(DicomTag.ReferencedSOPSequence, instances))));

    private static DicomDataset Sop(string classUid, string instanceUid) => ReportDataSet.Create(
        new DicomUniqueIdentifier(DicomTag.ReferencedSOPClassUID, classUid),
        new DicomUniqueIdentifier(DicomTag.ReferencedSOPInstanceUID, instanceUid));

    /// <summary>One item for each Request Attributes item, or one for a bare Accession Number; none when no request is known.</summary>
    private static DicomDataset[] Requests(SourceSeries source)
    {
        var header = source.Header;
        if (header.TryGetSequence(DicomTag.RequestAttributesSequence, out var requests))
        {
            var known = requests.Items
                .Where(i => CopiedAttributes.HasText(i, DicomTag.RequestedProcedureID) || CopiedAttributes.HasText(i, DicomTag.AccessionNumber))
                .Select(i => Request(source, i))
                .ToArray();
            if (known.Length > 0)
                return known;
        }

        return CopiedAttributes.HasText(header, DicomTag.AccessionNumber) ? [Request(source, ReportDataSet.Create())] : [];
    }

    private static DicomDataset Request(SourceSeries source, DicomDataset attributes)
    {
        var request = ReportDataSet.Create(
            new DicomUniqueIdentifier(DicomTag.StudyInstanceUID, source.StudyInstanceUid),
            new DicomSequence(DicomTag.ReferencedStudySequence));
        CopiedAttributes.CopyOrEmpty(CopiedAttributes.HasText(attributes, DicomTag.AccessionNumber) ? attributes : source.Header, request, DicomTag.AccessionNumber);
        CopiedAttributes.Copy(source.Header, request, DicomTag.IssuerOfAccessionNumberSequence);
        CopiedAttributes.CopyOrEmpty(attributes, request, s_requestTags);
        CopiedAttributes.CopyLine(attributes, request, DicomTag.RequestedProcedureDescription, 64);
        if (!request.Contains(DicomTag.RequestedProcedureDescription))
            request.Add(DicomTag.RequestedProcedureDescription, "");

        request.Add(new DicomSequence(DicomTag.RequestedProcedureCodeSequence, CopiedAttributes.Codes(attributes, DicomTag.RequestedProcedureCodeSequence)));
        return request;
    }
}
