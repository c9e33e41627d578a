using System.Globalization;
using FellowOakDicom;

namespace HSENet.Dicom.Reports;

/// <summary>The attributes around the content: patient, study, series, equipment and document (PS3.3 A.35.1, Basic Text SR).</summary>
internal static class ReportModules
{
    private const string Manufacturer = "HSENet";
    private const string SeriesDescription = "AI draft report - not reviewed";

    /// <summary>High, so that viewers list the draft after the images.</summary>
    private const string SeriesNumber = "9900";

    private const int LongString = 64;
    private const int ShortText = 1024;

    /// <summary>Patient, Patient Study and General Study modules: the source's values.</summary>
    public static void AddSubject(DicomDataset document, DicomDataset source)
    {
        CopiedAttributes.CopyOrEmpty(source, document,
            DicomTag.PatientName, DicomTag.PatientID, DicomTag.PatientBirthDate, DicomTag.PatientSex,
            DicomTag.StudyDate, DicomTag.StudyTime, DicomTag.ReferringPhysicianName, DicomTag.StudyID, DicomTag.AccessionNumber);
        CopiedAttributes.Copy(source, document,
            DicomTag.IssuerOfPatientID, DicomTag.IssuerOfPatientIDQualifiersSequence, DicomTag.OtherPatientIDsSequence, DicomTag.IssuerOfAccessionNumberSequence,
            DicomTag.PatientAge, DicomTag.PatientSize, DicomTag.PatientWeight, DicomTag.PatientIdentityRemoved, DicomTag.DeidentificationMethod,
            DicomTag.DeidentificationMethodCodeSequence, new DicomTag(0x0010, 0x0200));
        CopiedAttributes.CopyLine(source, document, DicomTag.StudyDescription, LongString);
    }

    /// <summary>SR Document Series and General Equipment modules.</summary>
    public static void AddSeries(DicomDataset document, DraftReport report)
    {
        var author = report.Author;
        document.Add(DicomTag.Modality, "SR");
        document.Add(DicomTag.SeriesInstanceUID, DraftReportDocument.SeriesInstanceUid(report.ReportId));
        document.Add(DicomTag.SeriesNumber, SeriesNumber);
        document.Add(DicomTag.SeriesDescription, SeriesDescription);
        document.Add(new DicomSequence(DicomTag.ReferencedPerformedProcedureStepSequence));
        document.Add(DicomTag.Manufacturer, Manufacturer);
        document.Add(DicomTag.ManufacturerModelName, ReportText.OneLine(author.ModelName, LongString));
        document.Add(DicomTag.DeviceSerialNumber, ReportText.OneLine(author.DeploymentId, LongString));
        document.Add(DicomTag.SoftwareVersions, Versions(author));
    }

    /// <summary>SR Document General module and the author's part of SOP Common.</summary>
    public static void AddDocument(DicomDataset document, DraftReport report)
    {
        var created = ReportClock.LocalTime(report);
        var (date, time) = (created.ToString("yyyyMMdd", CultureInfo.InvariantCulture), created.ToString("HHmmss", CultureInfo.InvariantCulture));
        document.Add(DicomTag.TimezoneOffsetFromUTC, ReportClock.Text(created.Offset));
        document.Add(DicomTag.InstanceCreationDate, date);
        document.Add(DicomTag.InstanceCreationTime, time);
        document.Add(DicomTag.ContentDate, date);
        document.Add(DicomTag.ContentTime, time);
        document.Add(DicomTag.InstanceNumber, "1");
        document.Add(DicomTag.CompletionFlag, report.PartialReason is null ? "COMPLETE" : "PARTIAL");
        if (report.PartialReason is { } reason)
            document.Add(DicomTag.CompletionFlagDescription, ReportText.OneLine(reason, LongString));

        document.Add(DicomTag.VerificationFlag, "UNVERIFIED");
        document.Add(DicomTag.PreliminaryFlag, "PRELIMINARY");
        document.Add(new DicomSequence(DicomTag.AuthorObserverSequence, Author(report.Author)));
        document.Add(new DicomSequence(DicomTag.ContributingEquipmentSequence, ContributingEquipment(report, created)));
    }

    /// <summary>The installation's Device Observer UID: the same for every report of one deployment.</summary>
    public static string DeviceUid(ReportAuthor author) => DerivedUid.From("device", author.DeploymentId);

    private static string[] Versions(ReportAuthor author) =>
        [ReportText.OneLine(author.ServiceVersion, LongString), ReportText.OneLine(author.ModelVersion, LongString)];

    /// <summary>Device as author (PS3.3 Table C.17-3b).</summary>
    private static DicomDataset Author(ReportAuthor author) => ReportDataSet.Create(
        new DicomCodeString(DicomTag.ObserverType, "DEV"),
        new DicomShortString(DicomTag.StationName, ReportText.OneLine(author.StationAeTitle, 16)),
        new DicomUniqueIdentifier(DicomTag.DeviceUID, DeviceUid(author)),
        new DicomLongString(DicomTag.Manufacturer, Manufacturer),
        new DicomLongString(DicomTag.ManufacturerModelName, ReportText.OneLine(author.ModelName, LongString)),
        new DicomLongString(DicomTag.InstitutionName, ""),
        new DicomSequence(DicomTag.InstitutionCodeSequence));

    /// <summary>The scanner, when it is known, and the software with its model's digest.</summary>
    private static DicomDataset[] ContributingEquipment(DraftReport report, DateTimeOffset created)
    {
        var author = report.Author;
        var software = ReportDataSet.Create(
            Code.ProcessingEquipment.In(DicomTag.PurposeOfReferenceCodeSequence),
            new DicomLongString(DicomTag.Manufacturer, Manufacturer),
            new DicomLongString(DicomTag.ManufacturerModelName, ReportText.OneLine(author.ModelName, LongString)),
            new DicomLongString(DicomTag.DeviceSerialNumber, ReportText.OneLine(author.DeploymentId, LongString)),
            new DicomLongString(DicomTag.SoftwareVersions, Versions(author)),
            new DicomDateTime(DicomTag.ContributionDateTime, DateTimeText(created)),
            new DicomShortText(DicomTag.ContributionDescription,
                ReportText.OneLine($"Draft report by {author.ModelName} {author.ModelVersion}, SHA-256 {author.ModelDigest}", ShortText)));
        if (!CopiedAttributes.HasText(report.Source.Header, DicomTag.Manufacturer))
            return [software];

        var scanner = ReportDataSet.Create(Code.AcquisitionEquipment.In(DicomTag.PurposeOfReferenceCodeSequence));
        CopiedAttributes.CopyLine(report.Source.Header, scanner, DicomTag.Manufacturer, LongString);
        CopiedAttributes.CopyLine(report.Source.Header, scanner, DicomTag.ManufacturerModelName, LongString);
        return [scanner, software];
    }

    private static string DateTimeText(DateTimeOffset time) =>
        time.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture) + ReportClock.Text(time.Offset);
}
