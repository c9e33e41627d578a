using System.Text;

namespace FellowOakDicom.Network.Dimse;

/// <summary>Identifiers of queries: keys with and without values (PS3.4 C.6 and K.6.1).</summary>
internal static class QueryKeys
{
    /// <summary>Of a date in VR DA.</summary>
    public const string DayFormat = "yyyyMMdd";

    private static readonly DicomTag _scheduledStationName = new(0x0040, 0x0010);
    private static readonly DicomTag _scheduledProcedureStepLocation = new(0x0040, 0x0011);

    private static readonly (DicomQueryRetrieveLevel Level, string Text)[] _levels =
    [
        (DicomQueryRetrieveLevel.Patient, "PATIENT"),
        (DicomQueryRetrieveLevel.Study, "STUDY"),
        (DicomQueryRetrieveLevel.Series, "SERIES"),
        (DicomQueryRetrieveLevel.Image, "IMAGE"),
    ];

    /// <exception cref="ArgumentOutOfRangeException">The level belongs to no query.</exception>
    public static DicomUID ClassOf(DicomQueryRetrieveLevel level) => level switch
    {
        DicomQueryRetrieveLevel.Patient => DicomUID.PatientRootQueryRetrieveInformationModelFind,
        DicomQueryRetrieveLevel.Study or DicomQueryRetrieveLevel.Series or DicomQueryRetrieveLevel.Image =>
            DicomUID.StudyRootQueryRetrieveInformationModelFind,
        _ => throw new ArgumentOutOfRangeException(nameof(level), level, "A query without a level needs a SOP class"),
    };

    public static DicomQueryRetrieveLevel LevelOf(DicomCFindRequest request)
    {
        var text = request.Dataset?.GetSingleValueOrDefault(DicomTag.QueryRetrieveLevel, "").Trim() ?? "";
        foreach (var (level, name) in _levels)
        {
            if (name == text)
            {
                return level;
            }
        }

        return DicomQueryRetrieveLevel.NotApplicable;
    }

    /// <summary>An identifier with its level and nothing else. What keys hold is not judged by the rules of their VRs: wildcards break them.</summary>
    public static DicomDataset ForLevel(DicomQueryRetrieveLevel level)
    {
        var keys = new DicomDataset().NotValidated();
        foreach (var (known, name) in _levels)
        {
            if (known == level)
            {
                keys.AddOrUpdate(DicomTag.QueryRetrieveLevel, name);
            }
        }

        return keys;
    }

    /// <summary>Adds keys; text that needs it brings its character set along.</summary>
    public static void Add(DicomDataset keys, params ReadOnlySpan<(DicomTag Tag, string? Value)> values)
    {
        foreach (var (tag, value) in values)
        {
            if (value is not null && !Ascii.IsValid(value))
            {
                keys.AddOrUpdate(DicomTag.SpecificCharacterSet, "ISO_IR 192");
            }

            keys.AddOrUpdate(tag, value ?? "");
        }
    }

    public static void Patient(DicomDataset keys, string? id, string? name) => Add(
        keys,
        (DicomTag.PatientID, id),
        (DicomTag.PatientName, name),
        (DicomTag.IssuerOfPatientID, null),
        (DicomTag.PatientBirthDate, null),
        (DicomTag.PatientSex, null));

    public static void Worklist(
        DicomDataset keys, string? patientId, string? patientName, string? stationAe, string? stationName, string? modality, string? days)
    {
        Patient(keys, patientId, patientName);
        Add(
            keys,
            (DicomTag.AccessionNumber, null),
            (DicomTag.ReferringPhysicianName, null),
            (DicomTag.RequestingPhysician, null),
            (DicomTag.StudyInstanceUID, null),
            (DicomTag.RequestedProcedureID, null),
            (DicomTag.RequestedProcedureDescription, null),
            (DicomTag.RequestedProcedurePriority, null),
            (DicomTag.AdmissionID, null),
            (DicomTag.CurrentPatientLocation, null),
            (DicomTag.PatientWeight, null),
            (DicomTag.MedicalAlerts, null),
            (DicomTag.Allergies, null));
        keys.AddOrUpdate(new DicomUnsignedShort(DicomTag.PregnancyStatus, Array.Empty<ushort>()));
        keys.AddOrUpdate(new DicomSequence(DicomTag.RequestedProcedureCodeSequence));
        keys.AddOrUpdate(new DicomSequence(DicomTag.ReferencedStudySequence));
        var step = new DicomDataset().NotValidated();
        Add(
            step,
            (DicomTag.ScheduledStationAETitle, stationAe),
            (_scheduledStationName, stationName),
            (DicomTag.Modality, modality),
            (DicomTag.ScheduledProcedureStepStartDate, days),
            (DicomTag.ScheduledProcedureStepStartTime, null),
            (DicomTag.ScheduledPerformingPhysicianName, null),
            (DicomTag.ScheduledProcedureStepDescription, null),
            (DicomTag.ScheduledProcedureStepID, null),
            (_scheduledProcedureStepLocation, null));
        step.AddOrUpdate(new DicomSequence(DicomTag.ScheduledProtocolCodeSequence));
        keys.AddOrUpdate(new DicomSequence(DicomTag.ScheduledProcedureStepSequence, step));
    }
}
