using FellowOakDicom;
using HSENet.Toolkit.Contract.Tests.Data;

namespace HSENet.Toolkit.Tests.Data;

/// <summary>What this toolkit makes sure of when it writes files.</summary>
public sealed class StrictFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("toolkit").FullName;

    private string Path_ => Path.Combine(_folder, "file.dcm");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static DicomDataset Large() => Written.Report()
        .AddOrUpdate(DicomTag.PatientID, "1").AddOrUpdate(new DicomOtherWord(DicomTag.PixelData, new ushort[50_000]));

    [Fact]
    public void File_is_saved_over_itself()
    {
        File.WriteAllBytes(Path_, Written.Bytes(Large()));
        var file = DicomFile.Open(Path_, FileReadOption.ReadLargeOnDemand);
        file.Dataset.AddOrUpdate(DicomTag.PatientID, "a much longer patient id");
        file.Save(Path_);
        Assert.Equal(50_000, file.Dataset.GetValues<ushort>(DicomTag.PixelData).Length);
        Assert.Equal(50_000, DicomFile.Open(Path_).Dataset.GetValues<ushort>(DicomTag.PixelData).Length);
        Assert.Single(Directory.EnumerateFileSystemEntries(_folder));
    }

    [Fact]
    public void File_without_identity_is_not_written()
    {
        Assert.ThrowsAny<Exception>(() => new DicomFile(new DicomDataset().Add(DicomTag.PatientID, "1")).Save(Path_));
        Assert.False(File.Exists(Path_));
    }

    [Fact]
    public void Value_longer_than_64_kib_is_written_as_unknown_vr()
    {
        var dataset = Written.Report().NotValidated().AddOrUpdate(DicomTag.StudyDescription, new string('x', 70_000));
        var item = Written.Again(dataset).GetDicomItem<DicomElement>(DicomTag.StudyDescription);
        Assert.Equal("UN", item.ValueRepresentation.Code);
        Assert.Equal(70_000u, item.Length);
    }
}
