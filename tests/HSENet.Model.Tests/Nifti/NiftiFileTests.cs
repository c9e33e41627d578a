using HSENet.Model.Nifti;
using HSENet.TestKit;

namespace HSENet.Model.Tests.Nifti;

public sealed class NiftiFileTests : IDisposable
{
    private readonly TempFolder _folder = new("nifti");

    [Theory]
    [InlineData(4, false, false)]
    [InlineData(4, true, false)]
    [InlineData(4, false, true)]
    [InlineData(8, true, true)]
    [InlineData(16, true, false)]
    [InlineData(16, false, true)]
    [InlineData(64, false, false)]
    [InlineData(64, true, true)]
    public void Every_type_and_byte_order_gives_the_same_volume(short type, bool isBigEndian, bool isGzip)
    {
        var builder = new NiftiBuilder { DataType = type, IsBigEndian = isBigEndian, IsGzip = isGzip, DataOffset = 1360 };
        var volume = NiftiFile.Read(builder.Write(_folder.Path("a.nii")));

        Assert.Equal((2, 3, 4), volume.Shape);
        Assert.Equal(('S', 'A', 'R'), volume.Axes);
        Assert.Equal((2.0, 0.8, 0.7), (volume.SpacingMm.A0, Math.Round(volume.SpacingMm.A1, 6), Math.Round(volume.SpacingMm.A2, 6)));
        Assert.Equal(Enumerable.Range(0, 24).Select(at => (short)((100 * (at / 12)) + (10 * (at / 4 % 3)) + (at % 4) - 500)), volume.Hu);
    }

    [Theory]
    [InlineData(2, 200)]
    [InlineData(256, -100)]
    [InlineData(512, 40000)]
    [InlineData(768, 70000)]
    public void Unsigned_and_narrow_types_keep_their_range(short type, double value)
    {
        var builder = new NiftiBuilder { DataType = type, Value = (_, _, _) => value, Slope = 0.5f, Intercept = -100 };
        Assert.All(NiftiFile.Read(builder.Write(_folder.Path("a.nii"))).Hu, hu => Assert.Equal(Math.Clamp((value * 0.5) - 100, -32768, 32767), hu));
    }

    [Theory]
    [InlineData(0f, 5f, -500)]             // a slope of 0 means: not scaled
    [InlineData(float.NaN, 5f, -500)]
    [InlineData(2f, -24f, -1024)]
    public void Slope_and_intercept_of_the_header_are_applied(float slope, float intercept, int expected) =>
        Assert.Equal(expected, NiftiFile.Read(new NiftiBuilder { Slope = slope, Intercept = intercept }.Write(_folder.Path("a.nii"))).Hu[0]);

    [Fact]
    public void Slope_and_intercept_beside_the_file_come_after_those_of_the_header() =>
        Assert.Equal((((-500 * 2) + 10) * 3) - 1024, NiftiFile.Read(new NiftiBuilder { Slope = 2, Intercept = 10 }.Write(_folder.Path("a.nii")), (3, -1024)).Hu[0]);

    [Fact]
    public void Values_beyond_16_bit_are_held_and_fractions_rounded()
    {
        var builder = new NiftiBuilder { DataType = 64, Value = (i, _, _) => i switch { 0 => 1e9, 1 => -1e9, 2 => 10.6, _ => -10.4 } };
        Assert.Equal([32767, -32768, 11, -10], NiftiFile.Read(builder.Write(_folder.Path("a.nii"))).Hu[..4]);
    }

    [Theory]
    [InlineData(0, 0, 0, 1, "SAR")]
    [InlineData(0, 0, 1, 1, "SPL")]        // half a turn about z
    [InlineData(0, 1, 0, 1, "IAL")]        // about y
    [InlineData(1, 0, 0, 1, "IPR")]        // about x
    [InlineData(0, 0, 0, -1, "IAR")]       // qfac turns k around
    [InlineData(0, 0, 0.70710678, 1, "SLA")]   // a quarter turn about z: i runs to the front, j to the left
    public void Directions_come_from_the_quaternion_of_the_qform(double b, double c, double d, double qfac, string axes)
    {
        var builder = new NiftiBuilder { UsesQForm = true };
        var volume = NiftiFile.Read((builder with
        {
            Edit = bytes =>
            {
                builder.PutSingle(bytes, 76, qfac);
                builder.PutSingle(bytes, 256, b);
                builder.PutSingle(bytes, 260, c);
                builder.PutSingle(bytes, 264, d);
            },
        }).Write(_folder.Path("a.nii")));
        Assert.Equal((axes[0], axes[1], axes[2]), volume.Axes);
    }

    [Fact]
    public void The_sform_wins_over_the_qform()
    {
        var builder = new NiftiBuilder { Directions = "LPS" };
        Assert.Equal(('S', 'P', 'L'), NiftiFile.Read((builder with { Edit = bytes => builder.PutInt16(bytes, 252, 1) }).Write(_folder.Path("a.nii"))).Axes);
    }

    [Fact]
    public void A_file_without_directions_needs_them_from_outside()
    {
        var builder = new NiftiBuilder();
        var path = (builder with { Edit = bytes => builder.PutInt16(bytes, 254, 0) }).Write(_folder.Path("a.nii"));
        Assert.Equal("nifti.geometry", Assert.Throws<HSENetModelException>(() => NiftiFile.Read(path)).Code);
        Assert.Equal(('S', 'P', 'L'), NiftiFile.Read(path, axes: ('L', 'P', 'S')).Axes);
    }

    [Theory]
    [InlineData(3, 0.001)]
    [InlineData(1, 1000)]
    [InlineData(0, 1)]
    public void Units_of_length_are_told_apart(byte unit, double factor) =>
        Assert.Equal(2 * factor, NiftiFile.Read(new NiftiBuilder { Edit = bytes => bytes[123] = unit }.Write(_folder.Path("a.nii"))).SpacingMm.A0, 1e-6 * factor);

    public static TheoryData<string, int, double, string> Faults() => new()
    {
        { "int32", 0, 540, "nifti.format" },            // NIfTI-2
        { "byte", 345, 'i', "nifti.format" },           // header and image in two files
        { "int16", 40, 2, "nifti.format" },
        { "int16", 40, 8, "nifti.format" },
        { "int16", 42, 0, "nifti.format" },
        { "int16", 42, -4, "nifti.format" },
        { "int16", 42, 5000, "nifti.format" },
        { "int16", 70, 128, "nifti.format" },           // RGB
        { "int16", 70, 32, "nifti.format" },            // complex
        { "int16", 72, 8, "nifti.format" },
        { "single", 108, 0, "nifti.format" },
        { "single", 108, double.NaN, "nifti.format" },
        { "single", 108, 1e30, "nifti.format" },
        { "single", 112, double.PositiveInfinity, "nifti.format" },
        { "single", 80, 0.9, "nifti.geometry" },        // pixdim against the affine
        { "single", 80, double.NaN, "nifti.geometry" },
        { "single", 296, 0.6, "nifti.geometry" },       // oblique
        { "single", 280, 0, "nifti.geometry" },
        { "byte", 123, 5, "nifti.geometry" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_header_that_contradicts_itself_is_refused(string kind, int at, double value, string code)
    {
        var builder = new NiftiBuilder();
        var path = (builder with
        {
            Edit = bytes =>
            {
                switch (kind)
                {
                    case "byte":
                        bytes[at] = (byte)value;
                        break;
                    case "int16":
                        builder.PutInt16(bytes, at, (int)value);
                        break;
                    case "int32":
                        builder.PutInt32(bytes, at, (int)value);
                        break;
                    default:
                        builder.PutSingle(bytes, at, value);
                        break;
                }
            },
        }).Write(_folder.Path("a.nii"));
        Assert.Equal(code, Assert.Throws<HSENetModelException>(() => NiftiFile.Read(path)).Code);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_claim_of_more_voxels_than_the_file_can_hold_costs_no_memory(bool isGzip)
    {
        var builder = new NiftiBuilder { IsGzip = isGzip };
        var path = (builder with
        {
            Edit = bytes =>
            {
                builder.PutInt16(bytes, 42, 1024);
                builder.PutInt16(bytes, 44, 1024);
                builder.PutInt16(bytes, 46, 1000);
            },
        }).Write(_folder.Path("a.nii"));

        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal("nifti.format", Assert.Throws<HSENetModelException>(() => NiftiFile.Read(path)).Code);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8 << 20);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_file_that_ends_early_is_refused_wherever_it_ends(bool isGzip)
    {
        var bytes = File.ReadAllBytes(new NiftiBuilder { IsGzip = isGzip }.Write(_folder.Path("whole.nii")));
        for (var length = 0; length < bytes.Length - (isGzip ? 16 : 0); length += isGzip ? 1 : 13)   // behind the voxels .NET does not miss the checksum
        {
            File.WriteAllBytes(_folder.Path("cut.nii"), bytes[..length]);
            Assert.Equal("nifti.format", Assert.Throws<HSENetModelException>(() => NiftiFile.Read(_folder.Path("cut.nii"))).Code);
        }
    }

    [Fact]
    public void Compressed_data_that_changed_on_the_way_are_refused()
    {
        var path = new NiftiBuilder { IsGzip = true }.Write(_folder.Path("a.nii.gz"));
        var bytes = File.ReadAllBytes(path);
        bytes[^6] ^= 1;                                     // in the checksum
        File.WriteAllBytes(path, bytes);
        Assert.Equal("nifti.format", Assert.Throws<HSENetModelException>(() => NiftiFile.Read(path)).Code);
    }

    [Fact]
    public void Values_that_are_no_numbers_are_refused() => Assert.Equal(
        "nifti.value",
        Assert.Throws<HSENetModelException>(() => NiftiFile.Read(new NiftiBuilder { DataType = 16, Value = (_, _, _) => double.NaN }.Write(_folder.Path("a.nii")))).Code);

    [Fact]
    public void A_file_that_is_not_there_is_named() =>
        Assert.Equal("nifti.file", Assert.Throws<HSENetModelException>(() => NiftiFile.Read(_folder.Path("absent.nii"))).Code);

    public void Dispose() => _folder.Dispose();
}
