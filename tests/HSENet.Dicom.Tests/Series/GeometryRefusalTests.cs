using System.Numerics;
using FellowOakDicom;
using HSENet.Dicom.Series;
using HSENet.TestKit;

namespace HSENet.Dicom.Tests.Series;

public class GeometryRefusalTests
{
    private static readonly CtSeriesBuilder s_sound = new();

    [Fact]
    public void Gate_accepts_a_sound_series()
    {
        using var folder = new TempFolder("series");
        var verdict = Assert.IsType<GeometryVerdict.Usable>(VolumeReader.Judge(s_sound.Write(folder.Root), default));
        Assert.Equal(12, verdict.SliceCount);
        Assert.Equal(5, verdict.SpacingMm, 6);
    }

    [Fact]
    public void Gate_refuses_a_missing_slice_and_says_where()
    {
        var detail = SeriesAssert.Refused(RefusalReason.Gap, s_sound with { Missing = [5] });
        Assert.Contains("10.000 mm", detail, StringComparison.Ordinal);
        Assert.Contains(s_sound.SliceUid(4), detail, StringComparison.Ordinal);
        Assert.Contains(s_sound.SliceUid(6), detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Gate_refuses_slices_that_lie_further_apart_than_a_volume_may() =>
        SeriesAssert.Refused(RefusalReason.Gap, s_sound with { SliceSpacingMm = 20 });

    [Fact]
    public void Gate_refuses_two_slices_at_one_position() =>
        SeriesAssert.Refused(RefusalReason.DuplicatePosition, Moved(6, new(0, 0, -5)));

    [Fact]
    public void Gate_refuses_uneven_spacing() =>
        SeriesAssert.Refused(RefusalReason.UnevenSpacing, Moved(6, new(0, 0, 1.5f)));

    [Fact]
    public void Gate_refuses_small_errors_that_add_up()
    {
        var drifting = s_sound with
        {
            SliceCount = 40,
            Edit = (i, d) => d.AddOrUpdate(DicomTag.ImagePositionPatient, -155m, -155m, i * 5m + (i < 20 ? 0 : (i - 20) * 0.2m)),
        };
        SeriesAssert.Refused(RefusalReason.UnevenSpacing, drifting);
    }

    [Fact]
    public void Gate_takes_rounded_positions_for_even() =>
        Assert.Equal(12, SeriesAssert.Readable(Moved(6, new(0, 0, 0.04f))).Volume.SliceCount);

    [Fact]
    public void Gate_refuses_one_coronal_slice_among_axial_ones() =>
        SeriesAssert.Refused(RefusalReason.MixedOrientation, Edited(4, d => d.AddOrUpdate(DicomTag.ImageOrientationPatient, "1", "0", "0", "0", "0", "-1")));

    [Fact]
    public void Gate_refuses_one_slice_turned_by_one_degree() =>
        SeriesAssert.Refused(RefusalReason.MixedOrientation, Edited(4, d => d.AddOrUpdate(DicomTag.ImageOrientationPatient, "0.999848", "0.017452", "0", "-0.017452", "0.999848", "0")));

    [Theory]
    [InlineData(1, 0, 0, 0, 0, -1)]     // coronal
    [InlineData(0, 1, 0, 0, 0, -1)]     // sagittal
    public void Gate_refuses_what_is_not_axial(float a, float b, float c, float d, float e, float f) =>
        SeriesAssert.Refused(RefusalReason.NotAxial, s_sound with { AlongRow = new(a, b, c), AlongColumn = new(d, e, f), Step = Vector3.Cross(new(a, b, c), new(d, e, f)) });

    [Fact]
    public void Gate_refuses_rows_that_lie_across_the_patients_axes() =>
        SeriesAssert.Refused(RefusalReason.NotAxial, s_sound with { AlongRow = new(0.866025f, 0.5f, 0), AlongColumn = new(-0.5f, 0.866025f, 0) });

    [Fact]
    public void Gate_refuses_a_sheared_stack() =>
        SeriesAssert.Refused(RefusalReason.Tilted, s_sound with { AlongColumn = new(0, 0.939693f, -0.342020f), Step = Vector3.UnitZ });

    [Fact]
    public void Gate_refuses_a_tilted_stack_without_shear() =>
        SeriesAssert.Refused(RefusalReason.Tilted, s_sound with { AlongColumn = new(0, 0.939693f, -0.342020f) });

    [Fact]
    public void Gate_refuses_shear_that_the_orientation_does_not_tell()
    {
        var step = Vector3.Normalize(new(0, 0.05f, 1));
        SeriesAssert.Refused(RefusalReason.Tilted, s_sound with { Step = step });
    }

    [Fact]
    public void Gate_accepts_a_tilt_within_the_tolerance()
    {
        var column = new Vector3(0, MathF.Cos(0.03f), -MathF.Sin(0.03f));
        Assert.Equal(5, SeriesAssert.Readable(s_sound with { AlongColumn = column }).Volume.SliceSpacingMm, 3);
    }

    [Theory]
    [InlineData("0008,0008")]
    public void Gate_does_not_need_the_image_type(string tag) =>
        SeriesAssert.Readable(s_sound with { Edit = (_, d) => d.Remove(DicomTag.Parse(tag)) });

    [Theory]
    [InlineData("0020,0032", null, RefusalReason.MissingGeometry)]
    [InlineData("0020,0037", null, RefusalReason.MissingGeometry)]
    [InlineData("0028,0030", null, RefusalReason.MissingGeometry)]
    [InlineData("0020,0032", "1\\2", RefusalReason.InvalidGeometry)]
    [InlineData("0020,0032", "1\\2\\NaN", RefusalReason.InvalidGeometry)]
    [InlineData("0020,0032", "1\\2\\1e999", RefusalReason.InvalidGeometry)]
    [InlineData("0028,0030", "0\\0", RefusalReason.InvalidGeometry)]
    [InlineData("0028,0030", "-1\\1", RefusalReason.InvalidGeometry)]
    [InlineData("0028,0030", "0,5\\0,5", RefusalReason.InvalidGeometry)]
    [InlineData("0028,0030", "1", RefusalReason.InvalidGeometry)]
    [InlineData("0028,0030", "100\\100", RefusalReason.InvalidGeometry)]
    [InlineData("0020,0037", "0\\0\\0\\0\\0\\0", RefusalReason.InvalidOrientation)]
    [InlineData("0020,0037", "2\\0\\0\\0\\2\\0", RefusalReason.InvalidOrientation)]
    [InlineData("0020,0037", "1\\0\\0\\0.7071068\\0.7071068\\0", RefusalReason.InvalidOrientation)]
    [InlineData("0020,0037", "1.00\\0.15\\0\\-0.15\\1.00\\0", RefusalReason.InvalidOrientation)]     // longer than two decimals explain
    [InlineData("0020,0037", "1.0\\0.1\\0\\-0.1\\1.0\\0", RefusalReason.InvalidOrientation)]         // one decimal leaves degrees open
    [InlineData("0020,0037", "1.00125\\0\\0\\0\\1.00125\\0", RefusalReason.InvalidOrientation)]     // nothing was rounded here
    public void Gate_says_whether_geometry_is_absent_no_numbers_or_no_directions(string tag, string? value, RefusalReason reason)
    {
        var dicomTag = DicomTag.Parse(tag);
        SeriesAssert.Refused(reason, Edited(3, d =>
        {
            d.Remove(dicomTag);
            if (value is not null)
                d.Add(DicomVR.DS, dicomTag, value.Split('\\'));
        }));
    }

    [Fact]
    public void Gate_reads_cosines_that_are_rounded_to_two_decimals() =>
        SeriesAssert.Readable(s_sound with { Edit = (_, d) => d.AddOrUpdate(DicomTag.ImageOrientationPatient, "1.00", "0.05", "0", "-0.05", "1.00", "0") });

    /// <summary>Positions rounded, or cut off, to a tenth of a millimetre, on both sides of zero.</summary>
    [Theory]
    [InlineData(0.625, true)]
    [InlineData(0.625, false)]
    [InlineData(1.25, true)]
    [InlineData(1.25, false)]
    [InlineData(0.7, true)]
    [InlineData(2.5, false)]
    public void Gate_judges_rounded_positions_against_the_grid_of_all_slices(double spacing, bool isCutOff)
    {
        var reading = SeriesAssert.Readable(At(40, i =>
        {
            var z = -20 + i * spacing;
            return (isCutOff ? Math.Truncate(z * 10) / 10 : Math.Round(z, 1)).ToString("F1", System.Globalization.CultureInfo.InvariantCulture);
        }));
        Assert.Equal(spacing, reading.Volume.SliceSpacingMm, 0.005);
    }

    /// <summary>
    /// Whole millimetres: where they are exact they are read; where rounding could hide that slices lie unevenly they are not.
    /// </summary>
    [Theory]
    [InlineData(5, null)]
    [InlineData(1, null)]
    [InlineData(2.5, RefusalReason.UnevenSpacing)]
    [InlineData(1.25, RefusalReason.UnevenSpacing)]
    [InlineData(0.625, RefusalReason.UnevenSpacing)]
    public void Gate_reads_whole_millimetres_only_where_they_are_exact(double spacing, RefusalReason? reason)
    {
        var series = At(24, i => Math.Round(-20 + i * spacing).ToString(System.Globalization.CultureInfo.InvariantCulture));
        if (reason is { } refused)
            Assert.Contains("too coarse", SeriesAssert.Refused(refused, series), StringComparison.Ordinal);
        else
            Assert.Equal(spacing, SeriesAssert.Readable(series).Volume.SliceSpacingMm, 6);
    }

    /// <summary>Rounding never hides a slice that is missing or there twice.</summary>
    [Theory]
    [InlineData(1, 12, 13, RefusalReason.Gap)]
    [InlineData(1.25, 12, 13, RefusalReason.Gap)]
    [InlineData(5, 12, 13, RefusalReason.Gap)]
    [InlineData(1, 12, 11, RefusalReason.DuplicatePosition)]
    [InlineData(5, 12, 11, RefusalReason.DuplicatePosition)]
    public void Gate_finds_gaps_and_doubles_among_rounded_positions(double spacing, int from, int like, RefusalReason reason)
    {
        var places = spacing == 1.25 ? 1 : 0;
        SeriesAssert.Refused(reason, At(30, i =>
            Math.Round(-20 + (reason == RefusalReason.Gap ? i < from ? i : i + 1 : i == from ? like : i) * spacing, places).ToString(System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void Gate_refuses_one_slice_that_rounding_does_not_explain() =>
        Assert.Contains("off a grid", SeriesAssert.Refused(RefusalReason.UnevenSpacing, At(24, i => (i * 1.25 + (i == 9 ? 0.3 : 0)).ToString("F1", System.Globalization.CultureInfo.InvariantCulture))), StringComparison.Ordinal);

    [Fact]
    public void Gate_refuses_too_few_slices() => SeriesAssert.Refused(RefusalReason.TooFewSlices, s_sound with { SliceCount = 7 });

    [Fact]
    public void Gate_accepts_the_fewest_slices() => SeriesAssert.Readable(s_sound with { SliceCount = 8 });

    [Fact]
    public void Gate_refuses_too_many_slices() =>
        SeriesAssert.Refused(RefusalReason.TooManySlices, s_sound, GeometryLimits.Default with { MaximumSliceCount = 11 });

    [Fact]
    public void Gate_refuses_no_files_at_all() => SeriesAssert.Refused(RefusalReason.TooFewSlices, []);

    private static CtSeriesBuilder At(int count, Func<int, string> z) => s_sound with
    {
        SliceCount = count,
        Edit = (i, d) => d.AddOrUpdate(DicomTag.ImagePositionPatient, "-155", "-155", z(i)),
    };

    private static CtSeriesBuilder Edited(int slice, Action<DicomDataset> edit) =>
        s_sound with
        {
            Edit = (i, d) =>
            {
                if (i == slice)
                    edit(d);
            },
        };

    private static CtSeriesBuilder Moved(int slice, Vector3 by) => Edited(slice, d =>
    {
        var p = d.GetValues<decimal>(DicomTag.ImagePositionPatient);
        d.AddOrUpdate(DicomTag.ImagePositionPatient, p[0] + (decimal)by.X, p[1] + (decimal)by.Y, p[2] + (decimal)by.Z);
    });
}
