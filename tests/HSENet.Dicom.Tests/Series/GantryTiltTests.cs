using System.Numerics;
using HSENet.Dicom.Series;
using HSENet.TestKit;

namespace HSENet.Dicom.Tests.Series;

/// <summary>A stack that was scanned with a tilted gantry, sheared back where a site wants it.</summary>
public class GantryTiltTests
{
    private static readonly GeometryLimits s_correcting = GeometryLimits.Default with { CorrectedTiltDegrees = 25 };

    private static readonly CtSeriesBuilder s_tilted = new() { AlongColumn = Column(-20), Step = Vector3.UnitZ, RowSpacingMm = 8, ColumnSpacingMm = 10, Hu = Ramp };

    [Theory]
    [InlineData(20, 1, 1)]
    [InlineData(-20, 1, 1)]
    [InlineData(18.5, -1, 1)]       // feet first
    [InlineData(-12, -1, -1)]       // prone
    [InlineData(3, 1, 1)]           // less than a tilt that would be read as it is, were it not sheared
    public void A_tilted_stack_shows_the_patient_as_an_upright_one_would(double degrees, int left, int back)
    {
        var builder = s_tilted with { AlongRow = Vector3.UnitX * left, AlongColumn = Column(degrees) * back };
        using var folder = new TempFolder("tilt");
        var reading = SeriesAssert.Readable(VolumeReader.Read(builder.Write(folder.Root), s_correcting, default));

        var (volume, column) = (reading.Volume, builder.AlongColumn);
        var rise = builder.RowSpacingMm * column.Z;
        var lowest = Math.Min(0, (builder.Rows - 1) * rise) - (builder.SliceCount - 1) / 2.0 * builder.SliceSpacingMm - (builder.Rows - 1) / 2.0 * rise;
        var (seen, outside) = (0, 0);
        for (var slice = 0; slice < volume.SliceCount; slice++)
        {
            for (var row = 0; row < volume.Rows; row++)
            {
                var z = lowest + slice * volume.SliceSpacingMm;
                var stack = (z - (row - (builder.Rows - 1) / 2.0) * rise) / builder.SliceSpacingMm + (builder.SliceCount - 1) / 2.0;
                for (var i = 0; i < volume.Columns; i++)
                {
                    var hu = volume.Hu[(slice * volume.Rows + row) * volume.Columns + i];
                    if (stack < -0.51 || stack > builder.SliceCount - 0.49)
                    {
                        outside++;
                        Assert.Equal(-1024, hu);
                    }
                    else if (stack >= 0 && stack <= builder.SliceCount - 1)
                    {
                        seen++;
                        var place = new Vector3(
                            left * (float)((i - (builder.Columns - 1) / 2.0) * builder.ColumnSpacingMm),
                            (float)((row - (builder.Rows - 1) / 2.0) * builder.RowSpacingMm * column.Y),
                            (float)z);
                        Assert.True(Math.Abs(hu - Ramp(place)) <= 2, $"{hu} at {place}, which is {Ramp(place)}");
                    }
                }
            }
        }

        Assert.True(seen > builder.Rows * builder.Columns * (builder.SliceCount - 2), $"{seen} voxels lie within the stack");
        Assert.True(outside > 0);
        Assert.Equal(5, volume.SliceSpacingMm, 6);
        Assert.Equal(8 * Math.Cos(double.DegreesToRadians(degrees)), volume.RowSpacingMm, 4);
        Assert.Equal(10, volume.ColumnSpacingMm);
        Assert.Equal(builder.SliceCount, reading.Source.Slices.Count);
        Assert.Contains(reading.Notes, n => n.Code == "geometry.tilt-corrected" && n.Detail.Contains($"{Math.Abs(degrees):F1} degrees", StringComparison.Ordinal));
    }

    [Fact]
    public void A_tilt_is_refused_unless_a_site_wants_it_corrected() => SeriesAssert.Refused(RefusalReason.Tilted, s_tilted);

    [Fact]
    public void A_tilt_beyond_the_sites_limit_is_refused() =>
        SeriesAssert.Refused(RefusalReason.Tilted, s_tilted with { AlongColumn = Column(26) }, s_correcting);

    [Fact]
    public void Tilted_slices_that_are_not_sheared_are_no_tilted_gantry() =>
        SeriesAssert.Refused(RefusalReason.Tilted, s_tilted with { Step = null }, s_correcting);

    [Fact]
    public void A_stack_that_moves_neither_along_its_normal_nor_along_the_table_is_refused() =>
        SeriesAssert.Refused(RefusalReason.Tilted, s_tilted with { Step = Vector3.Normalize(new(0, 0.2f, 1)) }, s_correcting);

    [Fact]
    public void A_tilt_about_another_axis_than_left_to_right_is_refused()
    {
        var row = new Vector3(MathF.Cos(0.3f), 0, MathF.Sin(0.3f));
        SeriesAssert.Refused(RefusalReason.Tilted, s_tilted with { AlongRow = row, AlongColumn = Vector3.UnitY }, s_correcting);
    }

    [Fact]
    public void An_upright_series_is_read_as_without_the_setting()
    {
        using var folder = new TempFolder("tilt");
        var files = new CtSeriesBuilder().Write(folder.Root);
        var plain = SeriesAssert.Readable(VolumeReader.Read(files, default));
        Assert.Equal(plain.Volume.HuSha256(), SeriesAssert.Readable(VolumeReader.Read(files, s_correcting, default)).Volume.HuSha256());
    }

    [Fact]
    public void What_the_correction_adds_counts_against_the_largest_volume() =>
        SeriesAssert.Refused(RefusalReason.Oversized, s_tilted, s_correcting with { MaximumVoxelCount = 20 * 32 * 32 });

    [Fact]
    public void The_tilted_phantom_is_straightened_and_is_no_chest()
    {
        var files = Directory.GetFiles(SharedData.Path("data/gantry-tilt/philips-phantom-tilt-18.5"), "*.dcm");
        var reading = SeriesAssert.Readable(VolumeReader.Read(files, s_correcting, default));
        Assert.Equal(2.5, reading.Volume.SliceSpacingMm, 2);
        Assert.Contains(reading.Notes, n => n.Detail.Contains("18.5 degrees", StringComparison.Ordinal));
    }

    private static Vector3 Column(double degrees)
    {
        var angle = double.DegreesToRadians(degrees);
        return new(0, (float)Math.Cos(angle), (float)Math.Sin(angle));
    }

    /// <summary>Linear in every direction, so that interpolation has nothing to guess.</summary>
    private static int Ramp(Vector3 p) => (int)Math.Round(1.5 * p.X + 1.5 * p.Y + 2 * p.Z - 430);
}
