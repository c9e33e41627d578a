using FellowOakDicom;
using FellowOakDicom.Network;

namespace HSENet.Toolkit.Contract.Tests.Network;

/// <summary>What the builders of queries ask for (PS3.4 C.6 and K.6.1).</summary>
public sealed class QueryKeysTests
{
    [Fact]
    public void A_patient_query_is_one_of_the_patient_root()
    {
        var find = DicomCFindRequest.CreatePatientQuery("4711", "Doe*");
        Assert.Equal((DicomUID.PatientRootQueryRetrieveInformationModelFind, DicomQueryRetrieveLevel.Patient), (find.SOPClassUID, find.Level));
        Assert.Equal(("PATIENT", "4711", "Doe*"), (Key(find, DicomTag.QueryRetrieveLevel), Key(find, DicomTag.PatientID), Key(find, DicomTag.PatientName)));
    }

    [Fact]
    public void A_study_query_has_what_is_given_and_asks_for_the_rest()
    {
        var day = new DateTime(2024, 1, 31);
        var find = DicomCFindRequest.CreateStudyQuery(
            "4711", "Doe*", new DicomDateRange(day, day.AddDays(1)), "A1", "S1", "CT", "1.2.3");
        Assert.Equal((DicomUID.StudyRootQueryRetrieveInformationModelFind, DicomQueryRetrieveLevel.Study), (find.SOPClassUID, find.Level));
        Assert.Equal(("STUDY", "4711", "Doe*"), (Key(find, DicomTag.QueryRetrieveLevel), Key(find, DicomTag.PatientID), Key(find, DicomTag.PatientName)));
        Assert.Equal(
            ("20240131-20240201", "A1", "S1", "CT", "1.2.3"),
            (Key(find, DicomTag.StudyDate), Key(find, DicomTag.AccessionNumber), Key(find, DicomTag.StudyID), Key(find, DicomTag.ModalitiesInStudy),
                Key(find, DicomTag.StudyInstanceUID)));
        var empty = DicomCFindRequest.CreateStudyQuery();
        Assert.True(empty.HasDataset);
        Assert.All(
            [DicomTag.PatientID, DicomTag.PatientName, DicomTag.StudyInstanceUID, DicomTag.StudyDate, DicomTag.AccessionNumber, DicomTag.ModalitiesInStudy],
            tag => Assert.Equal((true, ""), (empty.Dataset!.Contains(tag), Key(empty, tag))));
    }

    [Fact]
    public void A_series_query_names_its_study()
    {
        var find = DicomCFindRequest.CreateSeriesQuery("1.2.3", "CT");
        Assert.Equal(DicomQueryRetrieveLevel.Series, find.Level);
        Assert.Equal(("SERIES", "1.2.3", "CT"), (Key(find, DicomTag.QueryRetrieveLevel), Key(find, DicomTag.StudyInstanceUID), Key(find, DicomTag.Modality)));
        Assert.All(
            [DicomTag.SeriesInstanceUID, DicomTag.NumberOfSeriesRelatedInstances], tag => Assert.Equal("", Key(find, tag)));
    }

    [Fact]
    public void An_image_query_names_its_study_and_series()
    {
        var find = DicomCFindRequest.CreateImageQuery("1.2.3", "1.2.4");
        Assert.Equal(DicomQueryRetrieveLevel.Image, find.Level);
        Assert.Equal(
            ("IMAGE", "1.2.3", "1.2.4", ""),
            (Key(find, DicomTag.QueryRetrieveLevel), Key(find, DicomTag.StudyInstanceUID), Key(find, DicomTag.SeriesInstanceUID),
                Key(find, DicomTag.SOPInstanceUID)));
    }

    [Fact]
    public void A_worklist_query_looks_for_scheduled_procedure_steps()
    {
        var day = new DateTime(2024, 1, 31);
        var find = DicomCFindRequest.CreateWorklistQuery("4711", "Doe*", "CT1", "STATION", "CT", new DicomDateRange(day, day));
        Assert.Equal((DicomUID.ModalityWorklistInformationModelFind, DicomQueryRetrieveLevel.NotApplicable), (find.SOPClassUID, find.Level));
        Assert.False(find.Dataset!.Contains(DicomTag.QueryRetrieveLevel));
        Assert.Equal(("4711", "Doe*"), (Key(find, DicomTag.PatientID), Key(find, DicomTag.PatientName)));
        var step = Assert.Single(find.Dataset.GetSequence(DicomTag.ScheduledProcedureStepSequence).Items);
        Assert.Equal(
            ("CT1", "CT", "20240131"),
            (step.GetString(DicomTag.ScheduledStationAETitle), step.GetString(DicomTag.Modality),
                step.GetString(DicomTag.ScheduledProcedureStepStartDate).Split('-')[0]));
    }

    [Fact]
    public void A_query_of_a_class_has_a_level_or_none()
    {
        var bare = new DicomCFindRequest(DicomUID.StudyRootQueryRetrieveInformationModelFind);
        Assert.Equal((DicomQueryRetrieveLevel.NotApplicable, DicomPriority.Medium), (bare.Level, bare.Priority));
        var patient = new DicomCFindRequest(
            DicomUID.PatientRootQueryRetrieveInformationModelFind, DicomQueryRetrieveLevel.Study, DicomPriority.High);
        Assert.Equal((DicomQueryRetrieveLevel.Study, DicomPriority.High), (patient.Level, patient.Priority));
        var study = new DicomCFindRequest(DicomQueryRetrieveLevel.Series, DicomPriority.Low);
        Assert.Equal(
            (DicomUID.StudyRootQueryRetrieveInformationModelFind, DicomQueryRetrieveLevel.Series, DicomPriority.Low),
            (study.SOPClassUID, study.Level, study.Priority));
        var received = new DicomCFindRequest(study.Command);
        Assert.Equal((study.MessageID, DicomCommandField.CFindRequest), (received.MessageID, received.Type));
        var response = new DicomCFindResponse(new DicomCFindResponse(study, DicomStatus.Pending).Command);
        Assert.Equal((study.MessageID, DicomStatus.Pending), (response.RequestMessageID, response.Status));
    }

    [Fact]
    public void A_range_of_dates_is_written_the_way_queries_have_it()
    {
        var range = new DicomDateRange(new DateTime(2024, 1, 31), new DateTime(2024, 2, 1));
        Assert.Equal("20240131-20240201", range.ToString("yyyyMMdd"));
        Assert.Equal("20240131-", new DicomDateRange(new DateTime(2024, 1, 31), DateTime.MaxValue).ToString("yyyyMMdd"));
        Assert.Equal("-20240131", new DicomDateRange(DateTime.MinValue, new DateTime(2024, 1, 31)).ToString("yyyyMMdd"));
        Assert.StartsWith("20240131000000", range.ToString());
        Assert.Equal((new DateTime(2024, 1, 31), new DateTime(2024, 2, 1)), (range.Minimum, range.Maximum));
    }

    [Fact]
    public void A_range_contains_its_ends_and_grows()
    {
        var range = new DicomRange<int>(1, 3);
        Assert.Equal([false, true, true, true, false], new[] { 0, 1, 2, 3, 4 }.Select(range.Contains));
        range.Join(7);
        range.Join(-1);
        range.Join(2);
        Assert.Equal((-1, 7), (range.Minimum, range.Maximum));
        (range.Minimum, range.Maximum) = (4, 5);
        Assert.False(range.Contains(3));
        Assert.True(new DicomDateRange().Contains(new DateTime(2024, 1, 31)));
    }

    private static string Key(DicomCFindRequest find, DicomTag tag) => find.Dataset!.GetSingleValueOrDefault(tag, "");
}
