using FellowOakDicom;
using HSENet.Dicom.Series;
using HSENet.TestKit;

namespace HSENet.Dicom.Tests.Series;

public class IdentityRefusalTests
{
    private static readonly CtSeriesBuilder s_sound = new();

    [Theory]
    [InlineData("1.2.840.10008.5.1.4.1.1.4", RefusalReason.NotCt)]
    [InlineData("1.2.840.10008.5.1.4.1.1.7", RefusalReason.NotCt)]
    [InlineData("1.2.840.10008.5.1.4.1.1.2.1", RefusalReason.MultiFrame)]
    [InlineData("1.2.840.10008.5.1.4.1.1.2.2", RefusalReason.MultiFrame)]
    public void Gate_refuses_other_objects_than_ct_slices(string sopClass, RefusalReason reason) =>
        SeriesAssert.Refused(reason, s_sound with { Edit = (_, d) => d.AddOrUpdate(DicomTag.SOPClassUID, sopClass) });

    [Fact]
    public void Gate_refuses_another_modality_in_the_ct_class() =>
        SeriesAssert.Refused(RefusalReason.NotCt, s_sound with { Edit = (_, d) => d.AddOrUpdate(DicomTag.Modality, "MR") });

    [Theory]
    [InlineData("12")]
    [InlineData("-1")]
    [InlineData("1A")]
    public void Gate_refuses_several_frames_in_the_ct_class(string frames) =>
        SeriesAssert.Refused(RefusalReason.MultiFrame, s_sound with { Edit = (_, d) => d.AddOrUpdate(DicomTag.NumberOfFrames, frames) });

    [Theory]
    [InlineData("1")]
    [InlineData("01")]
    [InlineData("+1 ")]
    public void Gate_accepts_one_frame_that_is_counted(string frames) =>
        SeriesAssert.Readable(s_sound with { Edit = (_, d) => d.AddOrUpdate(DicomTag.NumberOfFrames, frames) });

    [Fact]
    public void A_localizer_among_the_slices_is_left_out_and_told()
    {
        var reading = SeriesAssert.Readable(One(0, d => d.AddOrUpdate(DicomTag.ImageType, "ORIGINAL", "PRIMARY", "LOCALIZER")));
        Assert.Equal((11, "series.localizer"), (reading.Volume.SliceCount, Assert.Single(reading.Notes).Code));
        Assert.DoesNotContain(s_sound.SliceUid(0), reading.Source.Slices.Select(s => s.SopInstanceUid));
    }

    [Fact]
    public void A_localizer_of_somebody_else_refuses_the_series() =>
        SeriesAssert.Refused(RefusalReason.MixedSeries, One(0, d => d.AddOrUpdate(DicomTag.ImageType, "ORIGINAL", "PRIMARY", "LOCALIZER").AddOrUpdate(DicomTag.PatientID, "X")));

    [Fact]
    public void Gate_refuses_localizers_alone() =>
        SeriesAssert.Refused(RefusalReason.Localizer, s_sound with { Edit = (_, d) => d.AddOrUpdate(DicomTag.ImageType, "ORIGINAL", "PRIMARY", "LOCALIZER") });

    [Theory]
    [InlineData("DERIVED", "PRIMARY", "MPR")]
    [InlineData("DERIVED", "SECONDARY", "AXIAL", "MIP")]
    [InlineData("DERIVED", "SECONDARY", "PROJECTION IMAGE")]
    [InlineData("DERIVED", "SECONDARY", "SCREEN SAVE")]
    [InlineData("DERIVED", "SECONDARY", "3D")]
    [InlineData("DERIVED", "PRIMARY", "AXIAL", "CT_SOM7 SPI", "DUAL", "IODINE")]
    public void Gate_refuses_what_is_named_as_no_axial_reconstruction(params string[] imageType) =>
        SeriesAssert.Refused(RefusalReason.Derived, s_sound with { Edit = (_, d) => d.AddOrUpdate(DicomTag.ImageType, imageType) });

    [Theory]
    [InlineData("DERIVED", "SECONDARY", "AXIAL")]
    [InlineData("DERIVED", "SECONDARY")]
    [InlineData("ORIGINAL", "PRIMARY", "AXIAL", "CT_SOM5 SPI")]
    [InlineData("ORIGINAL", "SECONDARY", "AXIAL", "HELIX")]
    [InlineData("ORIGINAL", "PRIMARY", "AXIAL", "3D")]
    [InlineData("DERIVED", "PRIMARY", "AXIAL", "CT_SOM7 SPI", "DUAL", "M_0.6")]
    public void Gate_does_not_take_derived_alone_for_a_reason(params string[] imageType) =>
        SeriesAssert.Readable(s_sound with { Edit = (_, d) => d.AddOrUpdate(DicomTag.ImageType, imageType) });

    [Theory]
    [InlineData("0020,000D", "2.25.1")]     // study
    [InlineData("0020,000E", "2.25.2")]     // series
    [InlineData("0010,0020", "SOMEONE-ELSE")]
    [InlineData("0010,0010", "Else^Someone")]
    [InlineData("0020,0052", "2.25.3")]     // frame of reference
    public void Gate_never_joins_what_does_not_belong_together(string tag, string value)
    {
        var detail = SeriesAssert.Refused(RefusalReason.MixedSeries, One(7, d => d.AddOrUpdate(DicomTag.Parse(tag), value)));
        Assert.Contains(s_sound.SliceUid(7), detail, StringComparison.Ordinal);
        Assert.DoesNotContain("Else", detail, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("HEAD", "Axial 5 mm")]
    [InlineData("ABDOMEN", "Portal venous")]
    [InlineData("Knee", "")]
    [InlineData("EXTREMITY", "SCAPULA 1 mm")]
    [InlineData("ABDOMEN", "5.0 Abd_Pelvis B31f")]
    [InlineData("HEAD", "-- 0,6 H60s --")]
    [InlineData("ABDOMEN", "Bauch nativ 5 mm")]
    [InlineData("ABDOMEN", "ABDOMEN SIN CONTRASTE")]
    [InlineData("ABDOMEN", "腹部 平扫")]
    [InlineData("ABDOMEN", "CT A/P W/O CON 5.0 C+")]
    [InlineData("ABDOMEN", "ABD/PEL W/ CON")]
    public void Gate_refuses_a_known_part_elsewhere_when_nothing_speaks_of_the_chest(string part, string description) =>
        SeriesAssert.Refused(RefusalReason.NotChest, Described(part, description));

    [Theory]
    [InlineData("", "")]
    [InlineData("CHEST", "")]
    [InlineData("BODY", "")]
    [InlineData("CHESTABDPELVIS", "")]
    [InlineData("ABDOMEN", "Thorax/Abdomen 5 mm")]
    [InlineData("HEAD", "CHEST 1.0")]
    [InlineData("ABDOMEN", "CAP+C 3 mm")]
    [InlineData("ABDOMEN", "TORAX-ABDOMEN-PELVIS 1.5")]
    [InlineData("ABDOMEN", "胸腹部")]
    [InlineData("ABDOMEN", "胸 5 mm")]
    [InlineData("HEAD", "KOPF HALS THX")]
    [InlineData("ABDOMEN", "грудная клетка")]
    [InlineData("ABDOMEN", "CT C/A/P W CON")]
    [InlineData("ABDOMEN", "C+A+P")]
    [InlineData("ABDOMEN", "CT C A P")]
    [InlineData("ABDOMEN", "C & A & P 3 mm")]
    [InlineData("PELVIS", "C/ABD/PEL")]
    public void Gate_allows_a_part_that_is_vague_absent_or_contradicted(string part, string description) =>
        SeriesAssert.Readable(Described(part, description));

    [Theory]
    [InlineData("0008,1030")]   // Study Description
    [InlineData("0018,1030")]   // Protocol Name
    [InlineData("0032,1060")]   // Requested Procedure Description
    [InlineData("0040,0254")]   // Performed Procedure Step Description
    public void Gate_allows_a_part_that_study_or_procedure_contradicts(string tag)
    {
        SeriesAssert.Readable(Told("CT CHEST ABD PELVIS", (d, text) => d.AddOrUpdate(DicomTag.Parse(tag), text)));
        SeriesAssert.Refused(RefusalReason.NotChest, Told("CT ABDOMEN PELVIS W/O CONTRAST", (d, text) => d.AddOrUpdate(DicomTag.Parse(tag), text)));
    }

    [Theory]
    [InlineData("0032,1060")]   // Requested Procedure Description
    [InlineData("0040,0007")]   // Scheduled Procedure Step Description
    public void Gate_allows_a_part_that_the_request_contradicts(string tag)
    {
        void Order(DicomDataset dataSet, string text) =>
            dataSet.AddOrUpdate(new DicomSequence(DicomTag.RequestAttributesSequence, new DicomDataset { { DicomTag.Parse(tag), text } }));

        SeriesAssert.Readable(Told("CT CHEST ABD PELVIS", Order));
        SeriesAssert.Refused(RefusalReason.NotChest, Told("CT ABDOMEN", Order));
    }

    [Fact]
    public void Equal_copies_of_an_instance_are_one_slice()
    {
        using var folder = new TempFolder("series");
        var files = s_sound.Write(folder.Path("a")).Concat(s_sound.Write(folder.Path("b"))).ToArray();
        var reading = SeriesAssert.Readable(VolumeReader.Read(files, default));
        Assert.Equal(12, reading.Volume.SliceCount);
        Assert.Equal(s_sound.ExpectedHu(), reading.Volume.Hu);
    }

    [Fact]
    public void Copies_that_differ_only_in_how_they_came_are_one_slice()
    {
        using var folder = new TempFolder("series");
        var files = s_sound.Write(folder.Path("a"));
        var copy = DicomFile.Open(files[3], FileReadOption.ReadAll);
        copy.FileMetaInfo.SourceApplicationEntityTitle = "ANOTHER";
        copy.Save(folder.Path("b.dcm"));
        Assert.Equal(12, SeriesAssert.Readable(VolumeReader.Read([.. files, folder.Path("b.dcm")], default)).Volume.SliceCount);
    }

    [Fact]
    public void Copies_in_another_encoding_are_one_slice()
    {
        using var folder = new TempFolder("series");
        var other = s_sound with { TransferSyntax = DicomTransferSyntax.ImplicitVRLittleEndian };
        var files = s_sound.Write(folder.Path("a")).Concat(other.Write(folder.Path("b"))).ToArray();
        Assert.Equal(12, SeriesAssert.Readable(VolumeReader.Read(files, default)).Volume.SliceCount);
    }

    [Fact]
    public void Gate_refuses_two_contents_under_one_instance_uid()
    {
        using var folder = new TempFolder("series");
        var other = s_sound with { Edit = (_, d) => d.AddOrUpdate(DicomTag.RescaleIntercept, "-1000") };
        var files = s_sound.Write(folder.Path("a")).Append(other.Write(folder.Path("b"))[4]).ToArray();
        Assert.Contains(s_sound.SliceUid(4), SeriesAssert.Refused(RefusalReason.ConflictingInstances, files), StringComparison.Ordinal);
    }

    /// <summary>PS3.5 6.2.1: what is left out or padded is no other patient.</summary>
    [Theory]
    [InlineData("0010,0010", "Test^Builder^^^", null)]
    [InlineData("0010,0010", "Test^Builder==", null)]
    [InlineData("0010,0010", "Test ^ Builder", null)]
    [InlineData("0010,0010", "TEST^BUILDER", "patient.name")]
    [InlineData("0010,0010", "Test^Builder=王^小东", "patient.name")]
    [InlineData("0010,0010", "", "patient.name")]
    [InlineData("0010,0020", "BUILT-a ", null)]
    [InlineData("0010,0021", "HOSPITAL", "patient.issuer")]
    [InlineData("0010,0030", "19600101", "patient.birth-date")]
    [InlineData("0020,0052", "", "series.frame-of-reference")]
    public void One_patient_written_in_two_ways_is_one_and_told(string tag, string value, string? note)
    {
        var reading = SeriesAssert.Readable(One(7, d => d.AddOrUpdate(DicomTag.Parse(tag), value)));
        Assert.Equal(note is null ? [] : [note], reading.Notes.Select(n => n.Code));
        Assert.DoesNotContain("Builder", string.Concat(reading.Notes.Select(n => n.Detail)), StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>As after a correction that reached some of the images only.</summary>
    [Theory]
    [InlineData("FIRST", "SECOND", 5, "SECOND", 7)]
    [InlineData("FIRST", "SECOND", 7, "FIRST", 7)]
    [InlineData("", "SECOND", 7, "SECOND", 5)]
    public void Slices_of_two_orders_bear_that_of_most_of_them_and_are_told(string first, string second, int firstCount, string told, int count)
    {
        var reading = SeriesAssert.Readable(s_sound with { Edit = (slice, d) => d.AddOrUpdate(DicomTag.AccessionNumber, slice < firstCount ? first : second) });

        Assert.Equal(told, reading.Source.Header.GetString(DicomTag.AccessionNumber));
        var note = Assert.Single(reading.Notes);
        Assert.Equal(("study.accession", $"Accession Number is not the same in all slices; the report carries that of {count} of 12"), (note.Code, note.Detail));
    }

    /// <summary>As after a correction that reached some of the images, and told more of the patient in them.</summary>
    [Theory]
    [InlineData("FIRST", "SECOND", 1, "SECOND", 11, "")]
    [InlineData("FIRST", "SECOND", 5, "SECOND", 7, "")]
    [InlineData("FIRST", "SECOND", 6, "FIRST", 6, "HOSPITAL")]
    [InlineData("FIRST", "SECOND", 7, "FIRST", 7, "HOSPITAL")]
    [InlineData("", "SECOND", 11, "SECOND", 1, "")]
    public void An_order_of_fewer_slices_is_not_the_reports_though_they_tell_more_of_the_patient(
        string first, string second, int firstCount, string told, int count, string issuer)
    {
        var series = s_sound with
        {
            Edit = (slice, d) =>
            {
                d.AddOrUpdate(DicomTag.AccessionNumber, slice < firstCount ? first : second);
                if (slice < firstCount)
                    d.AddOrUpdate(DicomTag.IssuerOfPatientID, "HOSPITAL");
            },
        };
        using var folder = new TempFolder("series");
        var files = series.Write(folder.Path("a"));
        var reading = SeriesAssert.Readable(VolumeReader.Read(files, default));

        var header = reading.Source.Header;
        Assert.Equal((told, issuer), (header.GetString(DicomTag.AccessionNumber), header.GetSingleValueOrDefault(DicomTag.IssuerOfPatientID, "")));
        Assert.Contains(reading.Notes, n => n.Code == "study.accession" && n.Detail.EndsWith($" {count} of 12", StringComparison.Ordinal));
        Assert.Equal(told, Assert.IsType<GeometryVerdict.Usable>(VolumeReader.Judge(files, default)).AccessionNumber);
    }

    [Theory]
    [InlineData("0010,0030", "19600101", "19600102")]
    [InlineData("0010,0021", "HOSPITAL", "ANOTHER")]
    [InlineData("0010,0010", "Test^Builder", "Test^Builder^Junior")]
    [InlineData("0010,0010", "Test^Builder=王^小东", "Test^Builder=李^小东")]
    [InlineData("0010,0020", "A", "a")]
    [InlineData("0010,0020", "A", "")]
    public void What_two_slices_contradict_each_other_in_is_two_patients_even_where_others_say_nothing(string tag, string one, string other)
    {
        var attribute = DicomTag.Parse(tag);
        SeriesAssert.Refused(RefusalReason.MixedSeries, s_sound with
        {
            Edit = (i, d) =>
            {
                if (i is 5 or 7)
                    d.AddOrUpdate(attribute, i == 5 ? one : other);
            },
        });
    }

    [Fact]
    public void A_name_in_another_case_needs_a_patient_ID_that_agrees() =>
        SeriesAssert.Refused(RefusalReason.MixedSeries, s_sound with
        {
            Edit = (i, d) => d.AddOrUpdate(DicomTag.PatientID, "").AddOrUpdate(DicomTag.PatientName, i == 4 ? "TEST^BUILDER" : "Test^Builder"),
        });

    [Fact]
    public void The_fullest_identity_of_the_slices_is_that_of_the_report()
    {
        var reading = SeriesAssert.Readable(One(7, d => d.AddOrUpdate(DicomTag.IssuerOfPatientID, "HOSPITAL")));
        Assert.Equal("HOSPITAL", reading.Source.Header.GetString(DicomTag.IssuerOfPatientID));
    }

    private static CtSeriesBuilder Described(string part, string description) => s_sound with
    {
        Edit = (_, d) =>
        {
            d.AddOrUpdate(DicomTag.BodyPartExamined, part);
            d.AddOrUpdate(DicomTag.SeriesDescription, description);
            d.AddOrUpdate(DicomTag.StudyDescription, "");
        },
    };

    /// <summary>An abdomen by its body part, and by its series' description neither this nor that.</summary>
    private static CtSeriesBuilder Told(string text, Action<DicomDataset, string> put) => s_sound with
    {
        Edit = (_, d) =>
        {
            d.AddOrUpdate(DicomTag.BodyPartExamined, "ABDOMEN");
            d.AddOrUpdate(DicomTag.SeriesDescription, "AX SOFT 5.0");
            d.AddOrUpdate(DicomTag.StudyDescription, "");
            put(d, text);
        },
    };

    private static CtSeriesBuilder One(int slice, Action<DicomDataset> edit) => s_sound with
    {
        Edit = (i, d) =>
        {
            if (i == slice)
                edit(d);
        },
    };
}
