using HSENet.Dicom.Series;
using HSENet.TestKit;

namespace HSENet.Dicom.Tests.Series;

/// <summary>Real chests and everything else in the developers' set.</summary>
public class SharedSeriesTests
{
    [Theory]
    [InlineData("lung-dx-a0001-lung", 64, 512, 5, 0.841796875)]
    [InlineData("mini-lidc-0314", 55, 128, 5, 3.125)]
    public void A_real_chest_gives_the_hu_of_its_readme(string name, int slices, int matrix, double spacing, double pixel)
    {
        var reading = SeriesAssert.Readable(VolumeReader.Read(Files("chest-ct/" + name), default));
        Assert.Equal(ReadmeDigest(name), reading.Volume.HuSha256());
        Assert.Equal((slices, matrix, matrix), (reading.Volume.SliceCount, reading.Volume.Rows, reading.Volume.Columns));
        Assert.Equal(spacing, reading.Volume.SliceSpacingMm, 4);
        Assert.Equal((pixel, pixel), (reading.Volume.RowSpacingMm, reading.Volume.ColumnSpacingMm));
        Assert.Equal(('S', 'P', 'L'), reading.Volume.Axes);
        Assert.Equal(slices, reading.Source.Slices.Select(s => s.SopInstanceUid).Distinct().Count());
        Assert.DoesNotContain(reading.Source.Header, item => item.Tag.Group == 0x7FE0);
    }

    [Fact]
    public void A_compressed_chest_is_refused_as_compressed() =>
        SeriesAssert.Refused(RefusalReason.CompressedTransferSyntax, Files("chest-ct/lung-dx-a0001-soft-j2k"));

    [Fact]
    public void The_usable_verdict_of_a_compressed_chest_is_refused_too() =>
        Assert.Equal(
            RefusalReason.CompressedTransferSyntax,
            Assert.IsType<GeometryVerdict.Refused>(VolumeReader.Judge(Files("chest-ct/lung-dx-a0001-soft-j2k"), default)).Reason);

    [Theory]
    [InlineData("localizers/chest-localizer_ge-hispeed_jpeg-lossless-sv1.dcm", RefusalReason.Localizer)]
    [InlineData("localizers/chest-topogram_siemens_j2k-lossless.dcm", RefusalReason.Localizer)]
    [InlineData("gantry-tilt/philips-phantom-tilt-18.5", RefusalReason.Tilted)]
    [InlineData("enhanced-multiframe/legacy-converted-chest-64x64x55.dcm", RefusalReason.MultiFrame)]
    [InlineData("enhanced-multiframe/dcmqi_mf_24x38x3.dcm", RefusalReason.MultiFrame)]
    [InlineData("enhanced-multiframe/nema-CT0012_bot_rle.dcm", RefusalReason.MultiFrame)]
    [InlineData("enhanced-multiframe/nema-CT0012_fragmented_jpegls.dcm", RefusalReason.MultiFrame)]
    [InlineData("single-slices/ny-sbu-a046441_axial_toshiba_diffuse-opacities.dcm", RefusalReason.TooFewSlices)]
    [InlineData("single-slices/ny-sbu-a048383_axial_ge_jpegls.dcm", RefusalReason.TooFewSlices)]
    [InlineData("single-slices/ny-sbu-a046441_coronal_toshiba_jpegls.dcm", RefusalReason.Derived)]
    [InlineData("single-slices/ny-sbu-a046441_sagittal_toshiba_jpegls.dcm", RefusalReason.Derived)]
    public void What_is_no_chest_volume_is_refused_with_its_reason(string path, RefusalReason reason) =>
        SeriesAssert.Refused(reason, Files(path));

    [Theory]
    [InlineData("01-missing-slices", RefusalReason.Gap)]
    [InlineData("02-duplicate-position", RefusalReason.DuplicatePosition)]
    [InlineData("03-duplicate-sop-uid", RefusalReason.ConflictingInstances)]
    [InlineData("04-nonuniform-spacing", RefusalReason.UnevenSpacing)]
    [InlineData("05-mixed-orientation", RefusalReason.MixedOrientation)]
    [InlineData("06-mixed-matrix", RefusalReason.MixedPixelFormat)]
    [InlineData("07-mixed-pixel-spacing", RefusalReason.MixedPixelFormat)]
    [InlineData("08-two-series-mixed", RefusalReason.MixedSeries)]
    [InlineData("09-two-patients-one-study", RefusalReason.MixedSeries)]
    [InlineData("10-with-localizer", RefusalReason.MixedSeries)]
    [InlineData("13-no-geometry", RefusalReason.MissingGeometry)]
    [InlineData("16-single-slice", RefusalReason.TooFewSlices)]
    [InlineData("17-sheared-tilt", RefusalReason.Tilted)]
    [InlineData("18-coronal-reformat", RefusalReason.NotAxial)]
    [InlineData("19-modality-mr", RefusalReason.NotCt)]
    [InlineData("21-not-chest", RefusalReason.NotChest)]
    [InlineData("22-body-part-wrong", RefusalReason.NotChest)]
    [InlineData("23-air-only", RefusalReason.NotChest)]
    [InlineData("24-vendor-units", RefusalReason.MissingRescale)]
    public void A_series_with_something_wrong_is_refused_with_its_reason(string name, RefusalReason reason) =>
        SeriesAssert.Refused(reason, Files("bad-input/series/" + name));

    [Fact]
    public void Odd_but_sound_series_give_the_same_hu_as_the_control()
    {
        var control = Digest("00-good");
        Assert.Equal(control, Digest("11-shuffled"));
        Assert.Equal(control, Digest("12-mixed-rescale"));
        Assert.Equal(control, Digest("14-no-instance-number"));
    }

    [Fact]
    public void A_prone_feet_first_series_is_the_control_turned_within_the_plane()
    {
        var control = SeriesAssert.Readable(VolumeReader.Read(Files("bad-input/series/00-good"), default)).Volume;
        var turned = SeriesAssert.Readable(VolumeReader.Read(Files("bad-input/series/15-prone-feet-first"), default)).Volume;
        Assert.Equal(('S', 'A', 'R'), turned.Axes);
        var frame = control.Rows * control.Columns;
        Assert.Equal(control.Hu, turned.Hu.Chunk(frame).SelectMany(f => f.Reverse()).ToArray());
    }

    [Fact]
    public void Padding_outside_of_the_field_of_view_is_darker_than_air_and_no_tissue()
    {
        var padded = SeriesAssert.Readable(VolumeReader.Read(Files("bad-input/series/20-padding"), default)).Volume;
        Assert.Equal(-3024, padded.Hu.Min());
    }

    [Fact]
    public void The_chest_series_beside_a_localizer_is_read_on_its_own()
    {
        var (series, damaged, _) = SeriesFolder.Scan(SharedData.Path("data/bad-input/series/10-with-localizer"), default);
        Assert.Equal(2, series.Count);
        Assert.Empty(damaged);
        var outcomes = series.Values.Select(files => VolumeReader.Read([.. files], default)).ToArray();
        Assert.Single(outcomes, o => o is SeriesReading.Readable);
        Assert.Single(outcomes, o => o is SeriesReading.Refused { Reason: RefusalReason.Localizer });
    }

    /// <summary>Every single file of the bad input alone: never an exception, never a volume.</summary>
    [Fact]
    public void No_damaged_file_throws_or_becomes_a_volume()
    {
        var reasons = new Dictionary<string, RefusalReason>();
        foreach (var file in Directory.EnumerateFiles(SharedData.Path("data/bad-input"), "*", SearchOption.AllDirectories)
                     .Where(f => !f.Contains("/series/", StringComparison.Ordinal)).Order())
        {
            var refused = Assert.IsType<SeriesReading.Refused>(VolumeReader.Read([file], default));
            reasons[Path.GetFileNameWithoutExtension(file)] = refused.Reason;
        }

        Assert.Equal(RefusalReason.TooFewSlices, reasons["00-good"]);
        Assert.Equal(RefusalReason.UnreadableInstance, reasons["01-empty"]);
        Assert.Equal(RefusalReason.UnreadableInstance, reasons["41-sequence-depth-20000"]);
        Assert.Equal(RefusalReason.Oversized, reasons["61-rows-65535"]);
        Assert.Equal(RefusalReason.Oversized, reasons["62-rows-46341"]);
        Assert.Equal(RefusalReason.MultiFrame, reasons["63-frames-2147483647"]);
        Assert.Equal(RefusalReason.MultiFrame, reasons["64-frames-negative"]);
        Assert.Equal(RefusalReason.UndecodablePixels, reasons["67-bits-stored-gt-allocated"]);
        Assert.Equal(RefusalReason.UndecodablePixels, reasons["68-samples-3-mono"]);
        Assert.Equal(RefusalReason.InvalidGeometry, reasons["70-pixel-spacing-zero"]);
        Assert.Equal(RefusalReason.InvalidGeometry, reasons["71-pixel-spacing-negative"]);
        Assert.Equal(RefusalReason.MissingGeometry, reasons["72-no-pixel-spacing"]);
        Assert.Equal(RefusalReason.MissingRescale, reasons["73-rescale-slope-zero"]);
        Assert.Equal(RefusalReason.InvalidOrientation, reasons["74-iop-not-unit"]);
        Assert.Equal(RefusalReason.InvalidOrientation, reasons["75-iop-zero"]);
        Assert.Equal(RefusalReason.InvalidGeometry, reasons["76-ipp-two-values"]);
        Assert.Equal(RefusalReason.MissingRescale, reasons["79-ds-not-a-number"]);
        Assert.Equal(RefusalReason.MissingRescale, reasons["80-ds-comma"]);
        Assert.Equal(RefusalReason.NotCt, reasons["94-mr-image-class"]);
        Assert.Equal(RefusalReason.NotCt, reasons["95-secondary-capture"]);
        Assert.Equal(RefusalReason.Localizer, reasons["96-localizer"]);
    }

    /// <summary>If one slice were enough: what still reads has every pixel of the control, the damage being elsewhere.</summary>
    [Fact]
    public void A_damaged_file_is_refused_or_read_right()
    {
        var one = GeometryLimits.Default with { MinimumSliceCount = 1 };
        var files = Directory.GetFiles(SharedData.Path("data/bad-input/files"), "*.dcm");
        var control = SeriesAssert.Readable(VolumeReader.Read([files.Single(f => f.EndsWith("/00-good.dcm", StringComparison.Ordinal))], one, default)).Volume;
        var read = 0;
        foreach (var file in files)
        {
            if (VolumeReader.Read([file], one, default) is not SeriesReading.Readable reading)
                continue;

            read++;
            Assert.True(control.Hu.AsSpan().SequenceEqual(reading.Volume.Hu), file);
        }

        Assert.InRange(read, 20, 40);
    }

    private static string Digest(string name) => SeriesAssert.Readable(VolumeReader.Read(Files("bad-input/series/" + name), default)).Volume.HuSha256();

    private static string[] Files(string path)
    {
        var full = SharedData.Path("data/" + path);
        return File.Exists(full) ? [full] : Directory.GetFiles(full, "*.dcm");
    }

    /// <summary>The digest that the data's README states.</summary>
    private static string ReadmeDigest(string name) =>
        File.ReadLines(SharedData.Path("data/chest-ct/README.md")).Single(l => l.StartsWith($"- {name}: `", StringComparison.Ordinal)).Split('`')[1];
}
