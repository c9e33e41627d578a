using FellowOakDicom;
using HSENet.Dicom.Reports;
using HSENet.TestKit;

namespace HSENet.Dicom.Tests.Reports;

/// <summary>A report in the SR classes that some archives take instead of Basic Text SR.</summary>
public sealed class ReportRenderingTests
{
    private static readonly DraftReport s_report = ReportFixture.Report() with { Predecessor = ("2.25.10", "2.25.11"), PartialReason = "token limit reached" };

    [Theory]
    [InlineData(SrClass.Basic, "1.2.840.10008.5.1.4.1.1.88.11")]
    [InlineData(SrClass.Enhanced, "1.2.840.10008.5.1.4.1.1.88.22")]
    [InlineData(SrClass.Comprehensive, "1.2.840.10008.5.1.4.1.1.88.33")]
    public async Task In_each_class_validators_find_nothing_and_its_text_is_the_same(SrClass srClass, string sopClass)
    {
        using var folder = new TempFolder("report");
        var basic = Bytes(DraftReportDocument.Build(s_report));
        var (document, uid) = ReportRendering.As(basic, srClass);
        var path = folder.Path("report.dcm");
        await File.WriteAllBytesAsync(path, document);
        var file = await DicomFile.OpenAsync(path);

        Assert.Equal((sopClass, uid), (file.Dataset.GetString(DicomTag.SOPClassUID), file.Dataset.GetString(DicomTag.SOPInstanceUID)));
        Assert.Equal((sopClass, uid), (file.FileMetaInfo.MediaStorageSOPClassUID.UID, file.FileMetaInfo.MediaStorageSOPInstanceUID.UID));
        Assert.Equal(DraftReportDocument.ToText(DraftReportDocument.Build(s_report)), DraftReportDocument.ToText(file));
        await Dciodvfy.IsCleanReportAsync(path);
        (await Dsrdump.CheckAsync(path, "+Pl")).AreClean();
    }

    [Fact]
    public void Each_class_has_a_UID_of_its_own_and_always_the_same_bytes_under_it()
    {
        var basic = Bytes(DraftReportDocument.Build(s_report));
        var renderings = SrClasses.All.Select(c => ReportRendering.As(basic, c)).ToList();

        Assert.Equal(3, renderings.Select(r => r.SopInstanceUid).Distinct().Count());
        Assert.Same(basic, renderings[0].Document);
        Assert.All(SrClasses.All, c => Assert.Equal(renderings[(int)c].Document, ReportRendering.As(basic, c).Document));
        Assert.Equal(
            ReportRendering.SopInstanceUid("2.25.11", SrClass.Enhanced),
            Predecessor(renderings[1].Document).GetString(DicomTag.ReferencedSOPInstanceUID));
        Assert.Equal("1.2.840.10008.5.1.4.1.1.88.22", Predecessor(renderings[1].Document).GetString(DicomTag.ReferencedSOPClassUID));
        Assert.Equal("2.25.11", Predecessor(basic).GetString(DicomTag.ReferencedSOPInstanceUID));
    }

    private static DicomDataset Predecessor(byte[] document) =>
        DicomFile.Open(new MemoryStream(document)).Dataset.GetSequence(DicomTag.PredecessorDocumentsSequence).Items[0]
            .GetSequence(DicomTag.ReferencedSeriesSequence).Items[0].GetSequence(DicomTag.ReferencedSOPSequence).Items[0];

    private static byte[] Bytes(DicomFile file)
    {
        using var stream = new MemoryStream();
        file.Save(stream);
        return stream.ToArray();
    }
}
