using System.Diagnostics;
using HSENet.Dicom.Phantoms;
using HSENet.Dicom.Series;
using HSENet.Dicom.Tests.Series;
using HSENet.TestKit;

namespace HSENet.Dicom.Tests.Phantoms;

public class PhantomSeriesTests
{
    private static readonly Guid s_identity = new("00000000-0000-0000-0000-00000000a1a1");

    [Fact]
    public void A_written_phantom_is_read_back_voxel_by_voxel()
    {
        using var folder = new TempFolder("phantom");
        var volume = ChestPhantom.Create(3, 32, 48, 64);
        var reading = SeriesAssert.Readable(VolumeReader.Read(PhantomSeries.Write(volume, folder.Root, s_identity), default));
        Assert.Equal(volume.Hu, reading.Volume.Hu);
        Assert.Equal(volume.Axes, reading.Volume.Axes);
        Assert.Equal((volume.SliceSpacingMm, volume.RowSpacingMm, volume.ColumnSpacingMm),
            (Math.Round(reading.Volume.SliceSpacingMm, 6), reading.Volume.RowSpacingMm, reading.Volume.ColumnSpacingMm));
    }

    [Fact]
    public void The_same_identity_writes_the_same_bytes()
    {
        using var folder = new TempFolder("phantom");
        var volume = ChestPhantom.Create(3, 8, 32, 32);
        var a = PhantomSeries.Write(volume, folder.Path("a"), s_identity);
        var b = PhantomSeries.Write(volume, folder.Path("b"), s_identity);
        var other = PhantomSeries.Write(volume, folder.Path("c"), Guid.Empty);
        Assert.All(a.Zip(b), pair => Assert.Equal(File.ReadAllBytes(pair.First), File.ReadAllBytes(pair.Second)));
        Assert.NotEqual(File.ReadAllBytes(a[0]), File.ReadAllBytes(other[0]));
    }

    [Fact]
    public async Task Dciodvfy_finds_no_error_in_a_phantom_slice()
    {
        using var folder = new TempFolder("phantom");
        var files = PhantomSeries.Write(ChestPhantom.Create(3, 8, 32, 32), folder.Root, s_identity);
        (await Dciodvfy.CheckAsync(files[4])).AreClean();
    }

    [Fact]
    public void A_demonstration_phantom_takes_seconds()
    {
        using var folder = new TempFolder("phantom");
        var clock = Stopwatch.StartNew();
        var files = PhantomSeries.Write(ChestPhantom.Create(1, 64, 256, 256), folder.Root, s_identity);
        Assert.Equal(64, files.Count);
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 30);
    }
}
