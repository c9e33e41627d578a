using HSENet.Dicom.Series;
using HSENet.TestKit;

namespace HSENet.Dicom.Tests.Series;

public class SeriesFolderTests
{
    [Fact]
    public void Files_of_all_subfolders_are_grouped_by_series_and_the_rest_is_listed()
    {
        using var folder = new TempFolder("folder");
        var a = new CtSeriesBuilder { Identity = "a", SliceCount = 3 };
        var b = new CtSeriesBuilder { Identity = "b", SliceCount = 2 };
        a.Write(folder.Path("x", "deep"));
        b.Write(folder.Path("x"));
        File.WriteAllText(folder.Path("x", "readme.md"), "no image");
        var (series, unreadable) = SeriesFolder.Scan(folder.Root);
        Assert.Equal(2, series.Count);
        Assert.Equal(3, series[a.SeriesUid].Count);
        Assert.Equal(2, series[b.SeriesUid].Count);
        Assert.Equal([folder.Path("x", "readme.md")], unreadable);
    }

    [Fact]
    public void A_folder_that_links_to_itself_is_scanned_once()
    {
        using var folder = new TempFolder("folder");
        var builder = new CtSeriesBuilder { SliceCount = 2 };
        builder.Write(folder.Path("a"));
        Directory.CreateSymbolicLink(folder.Path("a", "again"), folder.Root);
        Assert.Equal(2, SeriesFolder.Scan(folder.Root).Series[builder.SeriesUid].Count);
    }

    [Fact]
    public void An_absent_folder_is_an_error() =>
        Assert.Throws<DirectoryNotFoundException>(() => SeriesFolder.Scan("/nowhere/at/all"));
}
