using System.Numerics;
using HSENet.Dicom.Series;
using HSENet.TestKit;

namespace HSENet.Dicom.Tests.Series;

public class OrientationTests
{
    private static readonly CtSeriesBuilder s_sound = new();

    [Fact]
    public void A_supine_head_first_series_runs_S_P_L()
    {
        var volume = SeriesAssert.Readable(s_sound with { RowSpacingMm = 9, ColumnSpacingMm = 11 }).Volume;
        Assert.Equal(('S', 'P', 'L'), volume.Axes);
        Assert.Equal((12, 32, 32), (volume.SliceCount, volume.Rows, volume.Columns));
        Assert.Equal((5.0, 9.0, 11.0), (Math.Round(volume.SliceSpacingMm, 4), volume.RowSpacingMm, volume.ColumnSpacingMm));
    }

    [Theory]
    [InlineData("HFS", 1, 0, 0, 1, "SPL")]
    [InlineData("FFS", -1, 0, 0, 1, "SPR")]      // rows towards the patient's right: as displayed by some scanners
    [InlineData("HFP", -1, 0, 0, -1, "SAR")]
    [InlineData("FFP", 1, 0, 0, -1, "SAL")]
    [InlineData("HFDR", 0, 1, -1, 0, "SRP")]
    [InlineData("HFDL", 0, -1, 1, 0, "SLA")]
    public void The_marker_in_the_left_lung_is_left_however_the_patient_lay(string position, float rowX, float rowY, float columnX, float columnY, string axes)
    {
        var builder = s_sound with { AlongRow = new(rowX, rowY, 0), AlongColumn = new(columnX, columnY, 0), PatientPosition = position };
        var volume = SeriesAssert.Readable(builder).Volume;
        Assert.Equal((axes[0], axes[1], axes[2]), volume.Axes);
        Assert.Equal(new Vector3(1, -1, 1), MarkerSide(volume));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Slices_ascend_towards_the_head_whichever_way_they_were_scanned(bool isFeetFirst)
    {
        var headFirst = s_sound with { Step = Vector3.UnitZ };
        var builder = isFeetFirst ? headFirst with { Step = -Vector3.UnitZ } : headFirst;
        var reading = SeriesAssert.Readable(builder);
        Assert.Equal(headFirst.ExpectedHu(), reading.Volume.Hu);
        Assert.Equal(reading.Source.Slices.OrderBy(s => s.PositionMm), reading.Source.Slices);
        Assert.Equal(isFeetFirst ? builder.SliceUid(11) : builder.SliceUid(0), reading.Source.Slices[0].SopInstanceUid);
    }

    [Fact]
    public void Any_order_and_name_of_the_files_gives_the_same_volume()
    {
        using var folder = new TempFolder("series");
        var files = s_sound.Write(folder.Path("a"));
        var expected = SeriesAssert.Readable(VolumeReader.Read(files, default));
        for (var seed = 0; seed < 5; seed++)
        {
            var random = new Random(seed);
            var names = Enumerable.Range(0, files.Count).OrderBy(_ => random.Next()).ToArray();
            Directory.CreateDirectory(folder.Path($"{seed}"));
            var shuffled = files.Select((file, i) => folder.Path($"{seed}", $"{names[i]:D3}")).ToArray();
            for (var i = 0; i < files.Count; i++)
                File.Copy(files[i], shuffled[i]);

            random.Shuffle(shuffled);
            var reading = SeriesAssert.Readable(VolumeReader.Read(shuffled, default));
            Assert.Equal(expected.Volume.Hu, reading.Volume.Hu);
            Assert.Equal(expected.Source.Slices, reading.Source.Slices);
        }
    }

    /// <summary>On which side of the middle the marker lies: left, back and head are positive.</summary>
    private static Vector3 MarkerSide(CtVolume volume)
    {
        var sum = Vector3.Zero;
        for (var i = 0; i < volume.Hu.Length; i++)
        {
            if (volume.Hu[i] != 300)
                continue;

            var (slice, row, column) = (i / (volume.Rows * volume.Columns), i / volume.Columns % volume.Rows, i % volume.Columns);
            sum += Towards(volume.Axes.Slice) * (slice - (volume.SliceCount - 1) / 2f)
                + Towards(volume.Axes.Row) * (row - (volume.Rows - 1) / 2f)
                + Towards(volume.Axes.Column) * (column - (volume.Columns - 1) / 2f);
        }

        return new(MathF.Sign(sum.X), MathF.Sign(sum.Y), MathF.Sign(sum.Z));
    }

    private static Vector3 Towards(char letter) => letter switch
    {
        'L' => Vector3.UnitX,
        'R' => -Vector3.UnitX,
        'P' => Vector3.UnitY,
        'A' => -Vector3.UnitY,
        'S' => Vector3.UnitZ,
        _ => -Vector3.UnitZ,
    };
}
