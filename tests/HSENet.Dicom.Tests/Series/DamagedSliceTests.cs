using HSENet.Dicom.Series;
using HSENet.TestKit;

namespace HSENet.Dicom.Tests.Series;

/// <summary>A sound series in which one file is something else: the volume is all of it or nothing.</summary>
public class DamagedSliceTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(-1)]
    [InlineData(-700)]
    public void One_cut_file_refuses_the_series(int length)
    {
        using var folder = new TempFolder("series");
        var files = new CtSeriesBuilder().Write(folder.Root);
        var bytes = File.ReadAllBytes(files[6]);
        File.WriteAllBytes(files[6], bytes[..(length < 0 ? bytes.Length + length : length)]);
        var refused = Assert.IsType<SeriesReading.Refused>(VolumeReader.Read(files, default));
        Assert.Contains(refused.Reason, new[] { RefusalReason.UnreadableInstance, RefusalReason.UndecodablePixels });
    }

    [Fact]
    public void One_text_file_refuses_the_series()
    {
        using var folder = new TempFolder("series");
        var files = new CtSeriesBuilder().Write(folder.Root);
        File.WriteAllText(folder.Path("note.txt"), "no image");
        Assert.Contains("file 13 of 13", SeriesAssert.Refused(RefusalReason.UnreadableInstance, [.. files, folder.Path("note.txt")]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_there_is_the_storages_fault_and_no_verdict()
    {
        using var folder = new TempFolder("series");
        var files = new CtSeriesBuilder().Write(folder.Root);
        File.Delete(files[3]);
        Assert.Throws<FileNotFoundException>(() => VolumeReader.Read(files, default));
    }

    [Fact]
    public void Reading_stops_when_it_is_cancelled()
    {
        using var folder = new TempFolder("series");
        var files = new CtSeriesBuilder().Write(folder.Root);
        Assert.Throws<OperationCanceledException>(() => VolumeReader.Read(files, new CancellationToken(canceled: true)));
    }
}
