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
    [InlineData("0020,0032", null)]
    [InlineData("0020,0032", "1\\2")]
    [InlineData("0020,0032", "1\\2\\NaN")]
    [InlineData("0020,0032", "1\\2\\1e999")]
    [InlineData("0020,0037", null)]
    [InlineData("0020,0037", "0\\0\\0\\0\\0\\0")]
    [InlineData("0020,0037", "2\\0\\0\\0\\2\\0")]
    [InlineData("0020,0037", "1\\0\\0\\0.7071068\\0.7071068\\0")]
    [InlineData("0028,0030", null)]
    [InlineData("0028,0030", "0\\0")]
    [InlineData("0028,0030", "-1\\1")]
    [InlineData("0028,0030", "0,5\\0,5")]
    [InlineData("0028,0030", "1")]
    [InlineData("0028,0030", "100\\100")]
    public void Gate_refuses_geometry_that_is_absent_or_no_geometry(string tag, string? value)
    {
        var dicomTag = DicomTag.Parse(tag);
        SeriesAssert.Refused(RefusalReason.MissingGeometry, Edited(3, d =>
        {
            d.Remove(dicomTag);
            if (value is not null)
                d.Add(DicomVR.DS, dicomTag, value.Split('\\'));
        }));
    }

    [Fact]
    public void Gate_refuses_too_few_slices() => SeriesAssert.Refused(RefusalReason.TooFewSlices, s_sound with { SliceCount = 7 });

    [Fact]
    public void Gate_accepts_the_fewest_slices() => SeriesAssert.Readable(s_sound with { SliceCount = 8 });

    [Fact]
    public void Gate_refuses_too_many_slices() =>
        SeriesAssert.Refused(RefusalReason.TooManySlices, s_sound, GeometryLimits.Default with { MaximumSliceCount = 11 });

    [Fact]
    public void Gate_refuses_no_files_at_all() => SeriesAssert.Refused(RefusalReason.TooFewSlices, []);

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
