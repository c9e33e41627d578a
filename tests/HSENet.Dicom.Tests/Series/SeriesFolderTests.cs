using HSENet.Dicom.Series;
using HSENet.Dicom.Tests.Files;
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
        var (series, damaged, others) = SeriesFolder.Scan(folder.Root, default);
        Assert.Equal(2, series.Count);
        Assert.Equal(3, series[a.SeriesUid].Count);
        Assert.Equal(2, series[b.SeriesUid].Count);
        Assert.Empty(damaged);
        Assert.Equal([folder.Path("x", "readme.md")], others.Select(f => f.Path));
    }

    [Fact]
    public void A_folder_that_links_to_itself_is_scanned_once()
    {
        using var folder = new TempFolder("folder");
        var builder = new CtSeriesBuilder { SliceCount = 2 };
        builder.Write(folder.Path("a"));
        Directory.CreateSymbolicLink(folder.Path("a", "again"), folder.Root);
        Assert.Equal(2, SeriesFolder.Scan(folder.Root, default).Series[builder.SeriesUid].Count);
    }

    [Fact]
    public void An_absent_folder_is_an_error() =>
        Assert.Throws<DirectoryNotFoundException>(() => SeriesFolder.Scan("/nowhere/at/all", default));

    /// <summary>Two FIFOs, a device, a socket and links to them: none is opened, or the scan would never end.</summary>
    [Fact]
    public async Task What_is_no_regular_file_is_listed_and_never_opened()
    {
        using var folder = new TempFolder("folder");
        var builder = new CtSeriesBuilder { SliceCount = 2 };
        builder.Write(folder.Root);
        (await Dcmtk.RunAsync("mkfifo", folder.Path("002.dcm"), folder.Path("pipe"))).Succeeded();
        using var socket = new System.Net.Sockets.Socket(System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, 0);
        socket.Bind(new System.Net.Sockets.UnixDomainSocketEndPoint(folder.Path("s")));
        File.CreateSymbolicLink(folder.Path("to-pipe"), folder.Path("pipe"));
        File.CreateSymbolicLink(folder.Path("zero"), "/dev/zero");
        File.CreateSymbolicLink(folder.Path("000-again"), folder.Path("000.dcm"));
        File.CreateSymbolicLink(folder.Path("nothing"), folder.Path("no-such-file"));
        File.CreateSymbolicLink(folder.Path("lost.dcm"), folder.Path("no-such-file"));

        var (series, damaged, others) = await Task.Run(() => SeriesFolder.Scan(folder.Root, default)).WaitAsync(TimeSpan.FromSeconds(20));

        Assert.Equal(["000-again", "000.dcm", "001.dcm"], series[builder.SeriesUid].Select(Path.GetFileName));
        Assert.Equal(["lost.dcm file.absent"], damaged.Select(Told));
        Assert.Equal(["002.dcm file.special", "nothing file.absent", "pipe file.special", "s file.special", "to-pipe file.special", "zero file.special"], others.Select(Told));
    }

    /// <summary>A file refuses the folder when a slice may be lost with it, and only then.</summary>
    [Fact]
    public void Damaged_instances_are_told_from_what_is_none()
    {
        using var folder = new TempFolder("folder");
        var sound = File.ReadAllBytes(new CtSeriesBuilder { SliceCount = 1 }.Write(folder.Path("sound"))[0]);
        void Put(string name, byte[] bytes) => File.WriteAllBytes(folder.Path(name), bytes);
        Put("cut", sound[..^10]);
        Put("cut.exe", sound[..^10]);
        Put("text.dcm", "no image"u8.ToArray());
        Put("1.2.840.1.5", "no image"u8.ToArray());
        Put("empty", []);
        Put("zeros.17", new byte[4000]);
        Put("program", "MZ not a slice"u8.ToArray());
        Put("help.chm", "ITSF"u8.ToArray());
        Put("blank.ini", []);
        Put("README", []);
        Put(".hidden", []);
        var directory = new DataSetBytes().Text(0x00020002, "UI", "1.2.840.10008.1.3.10").Text(0x00020010, "UI", "1.2.840.10008.1.2.1").Text(0x00041130, "CS", "CD");
        Put("dicomdir.dcm", [.. new byte[128], .. "DICM"u8, .. directory.ToArray()]);

        var (series, damaged, others) = SeriesFolder.Scan(folder.Root, default);

        Assert.Single(series);
        Assert.Equal(
            ["1.2.840.1.5 dicom.format", "cut dicom.truncated", "cut.exe dicom.truncated", "empty dicom.format", "text.dcm dicom.format", "zeros.17 dicom.format"],
            damaged.Select(Told));
        Assert.Equal(
            [".hidden dicom.format", "README dicom.format", "blank.ini dicom.format", "dicomdir.dcm dicom.directory", "help.chm dicom.format", "program dicom.format"],
            others.Select(Told));
    }

    private static string Told(FolderFile file) => $"{Path.GetFileName(file.Path)} {file.Code}";
}
