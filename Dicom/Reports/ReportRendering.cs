using FellowOakDicom;

namespace HSENet.Dicom.Reports;

/// <summary>
/// A draft report as another SR class, for archives that do not take Basic Text SR. The same document in the same series with another SOP class, and so with another SOP Instance UID,
/// which follows from the first one's: what is stored under one UID is always the same bytes.
/// </summary>
public static class ReportRendering
{
    /// <param name="basic">The report's Part 10 file as it was stored with its job.</param>
    /// <param name="srClass">Wanted.</param>
    /// <param name="replacedUid">
    /// SOP Instance UID of a rendering of the same report and class whose bytes are lost and were others: this one is another
    /// object, and names it. Null for none.
    /// </param>
    /// <returns>The file and its SOP Instance UID.</returns>
    public static (byte[] Document, string SopInstanceUid) As(byte[] basic, SrClass srClass, string? replacedUid = null)
    {
        ArgumentNullException.ThrowIfNull(basic);
        using var source = new MemoryStream(basic, writable: false);
        var file = DicomFile.Open(source);
        var document = file.Dataset.NotValidated();
        var uid = SopInstanceUid(document.GetSingleValue<string>(DicomTag.SOPInstanceUID), srClass);
        if (srClass == SrClass.Basic)
            return (basic, uid);

        if (replacedUid is not null)
        {
            uid = DerivedUid.From("report/instance/again", replacedUid);
            var (study, series) = (document.GetString(DicomTag.StudyInstanceUID), document.GetString(DicomTag.SeriesInstanceUID));
            document.AddOrUpdate(ReportReferences.Predecessor(study, series, srClass.SopClass().UID, replacedUid));
        }

        document.AddOrUpdate(DicomTag.SOPClassUID, srClass.SopClass());
        document.AddOrUpdate(DicomTag.SOPInstanceUID, uid);
        if (document.TryGetSequence(DicomTag.PredecessorDocumentsSequence, out var predecessors))
        {
            foreach (var predecessor in predecessors.Items.SelectMany(Instances))
                Rename(predecessor, srClass);
        }

        var rendered = new DicomFile(document);
        var station = file.FileMetaInfo.SourceApplicationEntityTitle;
        if (!string.IsNullOrEmpty(station))
            rendered.FileMetaInfo.SourceApplicationEntityTitle = station;
        using var target = new MemoryStream();
        rendered.Save(target);
        return (target.ToArray(), uid);
    }

    /// <param name="basicUid">Of the report as Basic Text SR.</param>
    /// <param name="srClass">Wanted.</param>
    public static string SopInstanceUid(string basicUid, SrClass srClass) =>
        srClass == SrClass.Basic ? basicUid : DerivedUid.From($"report/instance/{srClass.Name()}", basicUid);

    private static IEnumerable<DicomDataset> Instances(DicomDataset study) =>
        study.TryGetSequence(DicomTag.ReferencedSeriesSequence, out var series)
            ? series.Items.SelectMany(s => s.TryGetSequence(DicomTag.ReferencedSOPSequence, out var instances) ? instances.Items : [])
            : [];

    /// <summary>An archive that takes this class got the report before in it too.</summary>
    private static void Rename(DicomDataset reference, SrClass srClass)
    {
        if (reference.GetSingleValueOrDefault(DicomTag.ReferencedSOPClassUID, "") != DicomUID.BasicTextSRStorage.UID)
            return;
        reference.AddOrUpdate(DicomTag.ReferencedSOPClassUID, srClass.SopClass());
        reference.AddOrUpdate(DicomTag.ReferencedSOPInstanceUID, SopInstanceUid(reference.GetSingleValue<string>(DicomTag.ReferencedSOPInstanceUID), srClass));
    }
}
