using FellowOakDicom.Network.Dimse;

namespace FellowOakDicom.Network;

/// <summary>A query (PS3.7 9.1.2). Its data set holds the keys: with a value to match, empty to be returned.</summary>
public sealed class DicomCFindRequest : DicomPriorityRequest
{
    /// <summary>Called for each match, status <see cref="DicomStatus.Pending"/>, and once for the end.</summary>
    public ResponseDelegate? OnResponseReceived;

    /// <summary>A request as received.</summary>
    public DicomCFindRequest(DicomDataset command)
        : base(command)
    {
    }

    /// <summary>A query of the patient root for patients, of the study root for what is below, or of the modality worklist.</summary>
    public DicomCFindRequest(DicomQueryRetrieveLevel level, DicomPriority priority = DicomPriority.Medium)
        : this(QueryKeys.ClassOf(level), level, priority)
    {
    }

    /// <summary>A query without a level.</summary>
    public DicomCFindRequest(DicomUID affectedSopClassUid, DicomPriority priority = DicomPriority.Medium)
        : this(affectedSopClassUid, DicomQueryRetrieveLevel.NotApplicable, priority)
    {
    }

    public DicomCFindRequest(DicomUID affectedSopClassUid, DicomQueryRetrieveLevel level, DicomPriority priority = DicomPriority.Medium)
        : base(DicomCommandField.CFindRequest, affectedSopClassUid, priority) => Dataset = QueryKeys.ForLevel(level);

    public delegate void ResponseDelegate(DicomCFindRequest request, DicomCFindResponse response);

    /// <summary>As the data set says; worklist for the class of that service; not applicable where there is none.</summary>
    public DicomQueryRetrieveLevel Level => QueryKeys.LevelOf(this);

    /// <summary>Patients by id and name, wildcards allowed.</summary>
    public static DicomCFindRequest CreatePatientQuery(string? patientId = null, string? patientName = null)
    {
        var request = new DicomCFindRequest(DicomQueryRetrieveLevel.Patient);
        QueryKeys.Patient(request.Dataset!, patientId, patientName);
        return request;
    }

    /// <summary>Studies by whatever is given. Of the range, days count: a time of day would be matched on each day by itself.</summary>
    public static DicomCFindRequest CreateStudyQuery(
        string? patientId = null,
        string? patientName = null,
        DicomDateRange? studyDateTime = null,
        string? accession = null,
        string? studyId = null,
        string? modalitiesInStudy = null,
        string? studyInstanceUid = null)
    {
        var request = new DicomCFindRequest(DicomQueryRetrieveLevel.Study);
        QueryKeys.Patient(request.Dataset!, patientId, patientName);
        QueryKeys.Add(
            request.Dataset!,
            (DicomTag.StudyInstanceUID, studyInstanceUid),
            (DicomTag.StudyDate, studyDateTime?.ToString(QueryKeys.DayFormat)),
            (DicomTag.StudyTime, null),
            (DicomTag.AccessionNumber, accession),
            (DicomTag.StudyID, studyId),
            (DicomTag.ModalitiesInStudy, modalitiesInStudy),
            (DicomTag.StudyDescription, null),
            (DicomTag.ReferringPhysicianName, null),
            (DicomTag.NumberOfStudyRelatedSeries, null),
            (DicomTag.NumberOfStudyRelatedInstances, null));
        return request;
    }

    /// <summary>Series of a study, of one modality if given.</summary>
    public static DicomCFindRequest CreateSeriesQuery(string studyInstanceUid, string? modality = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(studyInstanceUid);
        var request = new DicomCFindRequest(DicomQueryRetrieveLevel.Series);
        QueryKeys.Add(
            request.Dataset!,
            (DicomTag.StudyInstanceUID, studyInstanceUid),
            (DicomTag.SeriesInstanceUID, null),
            (DicomTag.Modality, modality),
            (DicomTag.SeriesNumber, null),
            (DicomTag.SeriesDescription, null),
            (DicomTag.SeriesDate, null),
            (DicomTag.SeriesTime, null),
            (DicomTag.NumberOfSeriesRelatedInstances, null));
        return request;
    }

    /// <summary>Instances of a series, of one modality if given.</summary>
    public static DicomCFindRequest CreateImageQuery(string studyInstanceUid, string seriesInstanceUid, string? modality = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(studyInstanceUid);
        ArgumentException.ThrowIfNullOrEmpty(seriesInstanceUid);
        var request = new DicomCFindRequest(DicomQueryRetrieveLevel.Image);
        QueryKeys.Add(
            request.Dataset!,
            (DicomTag.StudyInstanceUID, studyInstanceUid),
            (DicomTag.SeriesInstanceUID, seriesInstanceUid),
            (DicomTag.SOPInstanceUID, null),
            (DicomTag.SOPClassUID, null),
            (DicomTag.InstanceNumber, null),
            (DicomTag.Modality, modality));
        return request;
    }

    /// <summary>Scheduled procedure steps by whatever is given (PS3.4 K.6.1.2). Of the range, days count.</summary>
    public static DicomCFindRequest CreateWorklistQuery(
        string? patientId = null,
        string? patientName = null,
        string? stationAE = null,
        string? stationName = null,
        string? modality = null,
        DicomDateRange? scheduledDateTime = null)
    {
        var request = new DicomCFindRequest(DicomUID.ModalityWorklistInformationModelFind);
        QueryKeys.Worklist(
            request.Dataset!, patientId, patientName, stationAE, stationName, modality, scheduledDateTime?.ToString(QueryKeys.DayFormat));
        return request;
    }

    internal override void PostResponse(DicomResponse response) => OnResponseReceived?.Invoke(this, (DicomCFindResponse)response);

    internal override DicomResponse CreateResponse(DicomDataset command) => new DicomCFindResponse(command);

    internal override DicomResponse CreateResponse(DicomStatus status) => new DicomCFindResponse(this, status);
}
