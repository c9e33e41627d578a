using FellowOakDicom;
using HSENet.Dicom.Series;
using HSENet.TestKit;

namespace HSENet.Dicom.Tests.Series;

public class PixelTests
{
    private static readonly CtSeriesBuilder s_sound = new();

    [Theory]
    [InlineData(16, 12, 11, false, 0)]
    [InlineData(16, 16, 15, true, 0)]
    [InlineData(16, 12, 11, true, 0xF000)]      // overlay bits above
    [InlineData(16, 12, 15, false, 0x000F)]     // stored bits at the top, junk below
    [InlineData(16, 13, 13, true, 0xC001)]
    public void Stored_values_become_hu_whatever_bits_hold_them(int allocated, int stored, int high, bool isSigned, int unused)
    {
        var builder = s_sound with
        {
            BitsAllocated = allocated, BitsStored = stored, HighBit = high, IsSigned = isSigned, UnusedBits = unused,
            Rescale = _ => (1, isSigned ? 0 : -1024),
        };
        Assert.Equal(builder.ExpectedHu(), SeriesAssert.Readable(builder).Volume.Hu);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Eight_bits_are_enough_for_a_coarse_rescale(bool isSigned)
    {
        var builder = s_sound with { BitsAllocated = 8, BitsStored = 8, IsSigned = isSigned, Rescale = _ => (10, isSigned ? 0 : -1000), Rows = 33, Columns = 31 };
        Assert.Equal(builder.ExpectedHu(), SeriesAssert.Readable(builder).Volume.Hu);
    }

    [Theory]
    [InlineData("1.2.840.10008.1.2")]
    [InlineData("1.2.840.10008.1.2.1")]
    public void Both_little_endian_syntaxes_give_the_same_volume(string syntax)
    {
        var builder = s_sound with { TransferSyntax = DicomTransferSyntax.Parse(syntax), IsSigned = true, Rescale = _ => (1, 0) };
        Assert.Equal(builder.ExpectedHu(), SeriesAssert.Readable(builder).Volume.Hu);
    }

    [Fact]
    public void Each_slice_is_rescaled_by_its_own_slope_and_intercept()
    {
        var builder = s_sound with { BitsStored = 16, Rescale = i => i % 2 == 0 ? (1, -1024) : (0.5, -2000) };
        Assert.Equal(builder.ExpectedHu(), SeriesAssert.Readable(builder).Volume.Hu);
    }

    [Fact]
    public void Hu_are_rounded_to_the_nearest_integer()
    {
        var builder = s_sound with { BitsStored = 16, Rescale = _ => (0.3, -1024) };
        var hu = SeriesAssert.Readable(builder).Volume.Hu;
        Assert.All(builder.ExpectedHu().Zip(hu), pair => Assert.InRange(pair.Second - pair.First, -0.66, 0.66));
    }

    [Fact]
    public void Hu_beyond_int16_are_held_at_its_ends()
    {
        var builder = s_sound with { BitsStored = 16, Rescale = _ => (100, -1000) };
        var bytes = new byte[] { 0xFF, 0xFF };
        var hu = SeriesAssert.Readable(builder with { EditPixels = (i, p) => i == 0 ? [.. bytes, .. p[2..]] : p }).Volume.Hu;
        Assert.Equal(short.MaxValue, hu[0]);
    }

    [Fact]
    public void Monochrome1_does_not_change_hu()
    {
        var builder = s_sound with { Edit = (_, d) => d.AddOrUpdate(DicomTag.PhotometricInterpretation, "MONOCHROME1") };
        Assert.Equal(builder.ExpectedHu(), SeriesAssert.Readable(builder).Volume.Hu);
    }

    [Fact]
    public void Padding_darker_than_air_stays_as_it_is()
    {
        var builder = s_sound with { BitsStored = 16, IsSigned = true, Edit = (_, d) => d.AddOrUpdate(DicomVR.SS, DicomTag.PixelPaddingValue, (short)-2000) };
        var padded = builder with { EditPixels = (_, p) => [0x30, 0xF8, .. p[2..]] };
        Assert.Equal(-3024, SeriesAssert.Readable(padded).Volume.Hu[0]);
    }

    [Theory]
    [InlineData(1064)]                          // 40 HU
    [InlineData(2047)]
    public void Padding_that_reads_as_tissue_is_refused(int padding) =>
        SeriesAssert.Refused(RefusalReason.AmbiguousPadding, s_sound with
        {
            Edit = (_, d) => d.AddOrUpdate(DicomVR.US, DicomTag.PixelPaddingValue, (ushort)padding),
            EditPixels = (_, p) => [(byte)padding, (byte)(padding >> 8), .. p[2..]],
        });

    [Theory]
    [InlineData("0028,1053", null)]
    [InlineData("0028,1053", "0")]
    [InlineData("0028,1053", "NaN")]
    [InlineData("0028,1052", null)]
    [InlineData("0028,1052", "")]
    [InlineData("0028,1052", "-1024,0")]
    [InlineData("0028,1052", "NaN")]
    [InlineData("0028,1054", "US")]
    public void A_rescale_that_does_not_end_in_hu_is_refused(string tag, string? value) =>
        SeriesAssert.Refused(RefusalReason.MissingRescale, One(5, d =>
        {
            var dicomTag = DicomTag.Parse(tag);
            d.Remove(dicomTag);
            if (value is not null)
                d.Add(tag == "0028,1054" ? DicomVR.LO : DicomVR.DS, dicomTag, value);
        }));

    [Fact]
    public void A_rescale_without_a_type_is_in_hu() => SeriesAssert.Readable(s_sound with { Edit = (_, d) => d.Remove(DicomTag.RescaleType) });

    [Theory]
    [InlineData(-2)]
    [InlineData(2)]
    [InlineData(1)]
    [InlineData(2048)]
    public void Pixel_data_of_another_length_is_refused(int more) =>
        SeriesAssert.Refused(RefusalReason.UndecodablePixels, s_sound with { EditPixels = (i, p) => i != 5 ? p : more < 0 ? p[..^-more] : [.. p, .. new byte[more]] });

    [Fact]
    public void A_slice_without_pixel_data_is_refused() => SeriesAssert.Refused(RefusalReason.UndecodablePixels, One(5, d => d.Remove(DicomTag.PixelData)));

    [Theory]
    [InlineData("0028,0002", 3)]        // samples
    [InlineData("0028,0100", 32)]
    [InlineData("0028,0100", 12)]
    [InlineData("0028,0101", 24)]
    [InlineData("0028,0101", 0)]
    [InlineData("0028,0102", 16)]
    [InlineData("0028,0102", 5)]
    [InlineData("0028,0103", 2)]
    [InlineData("0028,0010", 0)]
    public void Bits_that_make_no_sense_are_refused(string tag, int value) =>
        SeriesAssert.Refused(RefusalReason.UndecodablePixels, s_sound with { Edit = (_, d) => d.AddOrUpdate(DicomTag.Parse(tag), (ushort)value) });

    [Theory]
    [InlineData("0028,0010")]
    [InlineData("0028,0011")]
    [InlineData("0028,0100")]
    [InlineData("0028,0103")]
    public void An_absent_pixel_attribute_is_refused(string tag) =>
        SeriesAssert.Refused(RefusalReason.UndecodablePixels, One(2, d => d.Remove(DicomTag.Parse(tag))));

    [Fact]
    public void Colour_is_refused() =>
        SeriesAssert.Refused(RefusalReason.UndecodablePixels, s_sound with { Edit = (_, d) => d.AddOrUpdate(DicomTag.PhotometricInterpretation, "RGB") });

    [Fact]
    public void Sizes_are_judged_before_memory_is_taken()
    {
        var before = GC.GetTotalAllocatedBytes();
        SeriesAssert.Refused(RefusalReason.Oversized, s_sound with
        {
            Edit = (_, d) => d.AddOrUpdate(DicomTag.Rows, (ushort)65535).AddOrUpdate(DicomTag.Columns, (ushort)65535),
        });
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 64L << 20);
    }

    [Fact]
    public void A_matrix_that_the_file_cannot_hold_is_refused_before_memory_is_taken() =>
        SeriesAssert.Refused(RefusalReason.UndecodablePixels, s_sound with { Edit = (_, d) => d.AddOrUpdate(DicomTag.Rows, (ushort)2048).AddOrUpdate(DicomTag.Columns, (ushort)2048) });

    [Fact]
    public void Too_many_voxels_in_all_are_refused() =>
        SeriesAssert.Refused(RefusalReason.Oversized, s_sound, GeometryLimits.Default with { MaximumVoxelCount = 12 * 32 * 32 - 1 });

    [Fact]
    public void A_file_too_large_to_hold_is_refused() =>
        SeriesAssert.Refused(RefusalReason.Oversized, s_sound, GeometryLimits.Default with { MaximumFileBytes = 3000 });

    [Fact]
    public void One_slice_with_another_matrix_is_refused()
    {
        using var folder = new TempFolder("series");
        var files = s_sound.Write(folder.Path("a"));
        var odd = (s_sound with { Rows = 16, Columns = 16, RowSpacingMm = 20, ColumnSpacingMm = 20 }).Write(folder.Path("b"));
        SeriesAssert.Refused(RefusalReason.MixedPixelFormat, [.. files.Take(5), odd[5], .. files.Skip(6)]);
    }

    [Fact]
    public void One_slice_with_another_pixel_spacing_is_refused() =>
        SeriesAssert.Refused(RefusalReason.MixedPixelFormat, One(5, d => d.AddOrUpdate(DicomTag.PixelSpacing, "5", "5")));

    [Theory]
    [InlineData(-1000)]
    [InlineData(0)]
    public void A_series_without_a_body_is_refused(int hu) => SeriesAssert.Refused(RefusalReason.NotChest, s_sound with { Hu = _ => hu });

    private static CtSeriesBuilder One(int slice, Action<DicomDataset> edit) => s_sound with
    {
        Edit = (i, d) =>
        {
            if (i == slice)
                edit(d);
        },
    };
}
