using System.Numerics;
using HSENet.Dicom.Series;
using HSENet.Model.Nifti;
using HSENet.Model.Preprocessing;
using HSENet.Model.Tests.Nifti;
using HSENet.Model.Tests.Vision;
using HSENet.TestKit;

namespace HSENet.Model.Tests.Preprocessing;

/// <summary>
/// The golden CT-RATE volumes as files: the reference's raw values go through our DICOM and NIfTI readers, with their rescaling, in several
/// orientations, and come out of the preprocessing as the reference's own numbers.
/// </summary>
public sealed class GoldenVolumeFilesTests : IDisposable
{
    private const double Tolerance = 2e-5;

    private static readonly VolumePreprocessor s_preprocessor = new(new PreprocessSpec { Image = (8, 16, 24) });

    private readonly TempFolder _folder = new("golden-volume");

    [Theory]
    [InlineData("a", "HFS", 1, 1, -1024)]
    [InlineData("b", "HFS", 1, 1, -1024)]
    [InlineData("a", "HFP", 1, 1, -1000)]
    [InlineData("b", "HFP", 1, 0.5, -1024)]
    [InlineData("a", "FFS", -1, 0.25, 0)]
    [InlineData("b", "FFP", -1, 1, -8192)]
    public void Dicom_series_of_a_golden_volume_becomes_the_golden_tensor(string name, string position, int step, double slope, double intercept)
    {
        using var golden = GoldenFile.Open("preprocess_ct_rate_small");
        var volume = Volume.Of(golden, name);
        var (x, y) = position switch { "HFS" => (1, 1), "HFP" => (-1, -1), "FFS" => (-1, 1), _ => (1, -1) };
        var builder = new CtSeriesBuilder
        {
            Columns = volume.X, Rows = volume.Y, SliceCount = volume.Z, ColumnSpacingMm = volume.InPlaneMm, RowSpacingMm = volume.InPlaneMm, SliceSpacingMm = volume.SliceMm,
            AlongRow = new(x, 0, 0), AlongColumn = new(0, y, 0), Step = new(0, 0, step), PatientPosition = position,
            BitsStored = 16, IsSigned = true, Rescale = _ => (slope, intercept), Hu = volume.HuAt,
        };

        var read = Assert.IsType<SeriesReading.Readable>(VolumeReader.Read(builder.Write(_folder.Path("dicom")), CancellationToken.None)).Volume;

        AssertGolden(golden, name, new CtInput
        {
            Hu = read.Hu, Shape = (read.SliceCount, read.Rows, read.Columns), SpacingMm = (read.SliceSpacingMm, read.RowSpacingMm, read.ColumnSpacingMm), Axes = read.Axes,
        });
    }

    [Theory]
    [InlineData("a", "LPS", true)]
    [InlineData("b", "LPS", false)]
    [InlineData("a", "RAS", false)]
    [InlineData("b", "SAL", true)]
    [InlineData("a", "PIR", false)]
    public void Nifti_file_of_a_golden_volume_becomes_the_golden_tensor(string name, string directions, bool isGzip)
    {
        using var golden = GoldenFile.Open("preprocess_ct_rate_small");
        var volume = Volume.Of(golden, name);
        var builder = Stored(volume, directions) with { IsGzip = isGzip, Slope = (float)volume.Slope, Intercept = (float)volume.Intercept };
        AssertGolden(golden, name, NiftiFile.Read(builder.Write(_folder.Path("volume.nii"))));
    }

    /// <summary>CT-RATE's files hold raw values, and their slope and intercept stand in the table beside them.</summary>
    [Theory]
    [InlineData("a")]
    [InlineData("b")]
    public void Rescaling_from_beside_the_file_gives_the_same(string name)
    {
        using var golden = GoldenFile.Open("preprocess_ct_rate_small");
        var volume = Volume.Of(golden, name);
        AssertGolden(golden, name, NiftiFile.Read(Stored(volume, "LPS").Write(_folder.Path("volume.nii")), (volume.Slope, volume.Intercept)));
    }

    public void Dispose() => _folder.Dispose();

    private static NiftiBuilder Stored(Volume volume, string directions)
    {
        var patient = directions.Select(direction => "LRPASI".IndexOf(direction, StringComparison.Ordinal) / 2).ToArray();
        int[] sizes = [volume.X, volume.Y, volume.Z];
        double[] spacing = [volume.InPlaneMm, volume.InPlaneMm, volume.SliceMm];
        return new NiftiBuilder
        {
            Shape = (sizes[patient[0]], sizes[patient[1]], sizes[patient[2]]),
            SpacingMm = (spacing[patient[0]], spacing[patient[1]], spacing[patient[2]]),
            Directions = directions,
            Value = (i, j, k) =>
            {
                var place = new int[3];
                foreach (var (axis, index) in new[] { (0, i), (1, j), (2, k) })
                {
                    place[patient[axis]] = directions[axis] is 'L' or 'P' or 'S' ? index : sizes[patient[axis]] - 1 - index;
                }

                return volume.Raw(place[0], place[1], place[2]);
            },
        };
    }

    private static void AssertGolden(GoldenFile golden, string name, CtInput input)
    {
        var result = s_preprocessor.Run(input, CancellationToken.None);
        var crop = result.Transform.CropSize;
        Assert.Equal(golden.Values<long>($"out/{name}_cropped_shape"), new long[] { 1, crop.D, crop.H, crop.W });
        using var volume = result.ToTensor();
        Assert.InRange(golden.Difference($"out/{name}_volume_8x16x24", volume.squeeze(0)), 0, Tolerance);
        Assert.Equal(golden.Values<byte>($"out/{name}_slices_u8"), result.Slices.Pixels);
    }

    /// <summary>A golden volume as the reference had it, [x, y, z]; x, y, z are read as left, back and head, the axes of the specification here.</summary>
    private sealed record Volume(short[] Values, int X, int Y, int Z, double InPlaneMm, double SliceMm, double Slope, double Intercept)
    {
        public static Volume Of(GoldenFile golden, string name)
        {
            var shape = golden.Shape($"in/{name}_raw_xyz");
            var about = golden.Metadata("cases").GetProperty(name);
            double Number(string field) => about.GetProperty(field).GetDouble();
            return new Volume(
                golden.Values<short>($"in/{name}_raw_xyz"), (int)shape[0], (int)shape[1], (int)shape[2], Number("xy_spacing"), Number("z_spacing"), Number("slope"), Number("intercept"));
        }

        public short Raw(int x, int y, int z) => Values[(((x * Y) + y) * Z) + z];

        /// <param name="place">mm from the middle</param>
        public int HuAt(Vector3 place)
        {
            static int Index(double mm, double spacing, int count) => (int)Math.Round((mm / spacing) + ((count - 1) / 2.0));
            return (int)((Raw(Index(place.X, InPlaneMm, X), Index(place.Y, InPlaneMm, Y), Index(place.Z, SliceMm, Z)) * Slope) + Intercept);
        }
    }
}
