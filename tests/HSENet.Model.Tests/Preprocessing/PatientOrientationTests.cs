using System.Numerics;
using HSENet.Dicom.Series;
using HSENet.Model.Nifti;
using HSENet.Model.Preprocessing;
using HSENet.Model.Tests.Nifti;
using HSENet.TestKit;

namespace HSENet.Model.Tests.Preprocessing;

/// <summary>The axes rule of design.md section 4, from files: one patient, scanned and stored in many ways, always is the same tensor.</summary>
public sealed class PatientOrientationTests : IDisposable
{
    private static readonly CtSeriesBuilder s_scan = new() { SliceCount = 30, Rows = 40, Columns = 36, RowSpacingMm = 8, ColumnSpacingMm = 9 };
    private static readonly VolumePreprocessor s_preprocessor = new(new PreprocessSpec { Image = (16, 32, 32), SliceCount = 8, SpacingMm = (5, 8, 8), VolumeWindow = (-1000, 400) });

    private readonly TempFolder _folder = new("orientation");

    [Theory]
    [InlineData("HFS", 1, 0, 0, 1)]
    [InlineData("HFP", -1, 0, 0, -1)]
    [InlineData("FFS", -1, 0, 0, 1)]
    [InlineData("FFP", 1, 0, 0, -1)]
    [InlineData("HFDR", 0, 1, -1, 0)]
    public void Dicom_series_put_the_marker_of_the_left_lung_on_the_same_index(string position, float rowX, float rowY, float columnX, float columnY)
    {
        // 36 x 40 pixels of 9 x 8 mm, or turned by a quarter: the patient and the field of view stay
        var isTurned = rowX == 0;
        var builder = s_scan with
        {
            AlongRow = new(rowX, rowY, 0),
            AlongColumn = new(columnX, columnY, 0),
            PatientPosition = position,
            Rows = isTurned ? s_scan.Columns : s_scan.Rows,
            Columns = isTurned ? s_scan.Rows : s_scan.Columns,
            RowSpacingMm = isTurned ? s_scan.ColumnSpacingMm : s_scan.RowSpacingMm,
            ColumnSpacingMm = isTurned ? s_scan.RowSpacingMm : s_scan.ColumnSpacingMm,
            Step = position.StartsWith("FF", StringComparison.Ordinal) ? -Vector3.UnitZ : Vector3.UnitZ,
        };
        AssertSame(FromDicom(builder));
    }

    [Theory]
    [InlineData("RAS")]
    [InlineData("LPS")]
    [InlineData("LAS")]
    [InlineData("RPI")]
    [InlineData("SAL")]
    [InlineData("PIR")]
    public void Nifti_files_put_it_there_too(string directions) => AssertSame(FromNifti(directions));

    [Theory]
    [InlineData(1, "LPS")]
    [InlineData(-1, "RAS")]
    public void Protocol_of_BIMCV_R_is_the_same_from_memory_Dicom_and_Nifti(int side, string directions)
    {
        var preprocessor = new VolumePreprocessor(new PreprocessSpec { Protocol = PreprocessSpec.BimcvProtocol, Image = (16, 32, 32), SliceCount = 8 });
        var expected = preprocessor.Run(FromMemory(), CancellationToken.None);
        var dicom = s_scan with { AlongRow = new(side, 0, 0), AlongColumn = new(0, side, 0), PatientPosition = side > 0 ? "HFS" : "HFP" };
        foreach (var input in new[] { FromDicom(dicom), FromNifti(directions) })
        {
            var result = preprocessor.Run(input, CancellationToken.None);
            Assert.Equal(expected.Volume, result.Volume);
            Assert.Equal(expected.Slices.Pixels, result.Slices.Pixels);
        }
    }

    public void Dispose() => _folder.Dispose();

    private void AssertSame(CtInput input)
    {
        var expected = s_preprocessor.Run(FromDicom(s_scan), CancellationToken.None);
        var result = s_preprocessor.Run(input, CancellationToken.None);

        var brightest = Enumerable.Range(0, result.Volume.Length).Where(i => result.Volume[i] > 0.98).ToList();
        Assert.NotEmpty(brightest);
        Assert.Equal(('S', 'L', 'P'), s_preprocessor.Spec.Axes);
        Assert.All(brightest, i => Assert.InRange(i / (32 * 32), 6, 11));        // 12 mm above the middle, radius 25 mm, 9.4 mm a step
        Assert.All(brightest, i => Assert.InRange(i / 32 % 32, 20, 25));         // 65 mm to the left of it
        Assert.All(brightest, i => Assert.InRange(i % 32, 6, 13));               // 40 mm in front of it
        Assert.Equal(expected.Volume, result.Volume);
        Assert.Equal(expected.Slices.Pixels, result.Slices.Pixels);
    }

    private CtInput FromDicom(CtSeriesBuilder builder)
    {
        var folder = _folder.Path(Guid.CreateVersion7().ToString());
        var volume = Assert.IsType<SeriesReading.Readable>(VolumeReader.Read(builder.Write(folder), CancellationToken.None)).Volume;
        return new CtInput
        {
            Hu = volume.Hu,
            Shape = (volume.SliceCount, volume.Rows, volume.Columns),
            SpacingMm = (volume.SliceSpacingMm, volume.RowSpacingMm, volume.ColumnSpacingMm),
            Axes = volume.Axes,
        };
    }

    /// <summary>The same patient without a file.</summary>
    private static CtInput FromMemory()
    {
        var (depth, height, width) = (s_scan.SliceCount, s_scan.Rows, s_scan.Columns);
        var hu = new short[depth * height * width];
        for (var i = 0; i < hu.Length; i++)
        {
            var (z, y, x) = (i / (height * width), i / width % height, i % width);
            hu[i] = (short)s_scan.Hu(new(
                (float)((x - ((width - 1) / 2.0)) * s_scan.ColumnSpacingMm), (float)((y - ((height - 1) / 2.0)) * s_scan.RowSpacingMm), (float)((z - ((depth - 1) / 2.0)) * s_scan.SliceSpacingMm)));
        }

        return new CtInput { Hu = hu, Shape = (depth, height, width), SpacingMm = (s_scan.SliceSpacingMm, s_scan.RowSpacingMm, s_scan.ColumnSpacingMm), Axes = ('S', 'P', 'L') };
    }

    /// <summary>The same patient, drawn by the same rule, as a research file.</summary>
    private CtInput FromNifti(string directions)
    {
        int[] sizes = [s_scan.Columns, s_scan.Rows, s_scan.SliceCount];
        double[] spacings = [s_scan.ColumnSpacingMm, s_scan.RowSpacingMm, s_scan.SliceSpacingMm];
        var patient = directions.Select(direction => "LRPASI".IndexOf(direction, StringComparison.Ordinal) / 2).ToArray();
        var builder = new NiftiBuilder
        {
            Shape = (sizes[patient[0]], sizes[patient[1]], sizes[patient[2]]),
            SpacingMm = (spacings[patient[0]], spacings[patient[1]], spacings[patient[2]]),
            Directions = directions,
            IsGzip = directions == "RAS",
            Value = (i, j, k) =>
            {
                var place = Vector3.Zero;
                foreach (var (axis, index) in new[] { (0, i), (1, j), (2, k) })
                {
                    var middle = (sizes[patient[axis]] - 1) / 2.0;
                    place[patient[axis]] = (float)((directions[axis] is 'L' or 'P' or 'S' ? index - middle : middle - index) * spacings[patient[axis]]);
                }

                return s_scan.Hu(place);
            },
        };
        return NiftiFile.Read(builder.Write(_folder.Path("patient.nii")));
    }
}
