using System.Numerics;
using FellowOakDicom;
using HSENet.Dicom.Series;
using HSENet.TestKit;

namespace HSENet.Dicom.Tests.Series;

/// <summary>What becomes of each odd geometry that archives send: read as it is, or refused with its reason. Nothing is interpolated.</summary>
public sealed class OddGeometryTests
{
    private static readonly CtSeriesBuilder s_sound = new();

    /// <summary>The reason; null: it is read, and the volume is that of the slices.</summary>
    public static TheoryData<string, RefusalReason?> Kinds { get; } = new()
    {
        { "a missing slice", RefusalReason.Gap },
        { "two missing slices side by side", RefusalReason.Gap },
        { "every other slice missing in one half", RefusalReason.Gap },
        { "the first and the last slice missing", null },
        { "every file twice", null },
        { "two slices at one position", RefusalReason.DuplicatePosition },
        { "all positions twice", RefusalReason.DuplicatePosition },
        { "uneven spacing", RefusalReason.UnevenSpacing },
        { "one half denser than the other", RefusalReason.UnevenSpacing },
        { "slices that overlap", null },
        { "slices with room between them", null },
        { "a spacing in the header that is not that of the positions", null },
        { "feet first", null },
        { "prone", null },
        { "feet first and prone", null },
        { "numbered from foot to head", null },
        { "without numbers", null },
        { "pixels wider than high", null },
        { "pixels higher than wide", null },
        { "an aspect ratio beside the pixel spacing", null },
        { "an aspect ratio instead of a pixel spacing", RefusalReason.MissingGeometry },
        { "a matrix of 768", null },
        { "a matrix higher than wide", null },
        { "a matrix wider than high", null },
        { "a matrix of 15", RefusalReason.UndecodablePixels },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Each_odd_geometry_has_its_rule(string kind, RefusalReason? reason)
    {
        var series = Series(kind);
        using var folder = new TempFolder("odd");
        var files = series.Write(folder.Root).ToList();
        if (kind == "every file twice")
            files.AddRange(series.Write(folder.Path("again")));
        if (reason is { } expected)
        {
            SeriesAssert.Refused(expected, files);
            return;
        }

        var volume = SeriesAssert.Readable(VolumeReader.Read(files, default)).Volume;
        Assert.Equal(series.ExpectedHu(), volume.Hu);
        Assert.Equal((series.Rows, series.Columns), (volume.Rows, volume.Columns));
        Assert.Equal(series.SliceSpacingMm, volume.SliceSpacingMm, 4);
        Assert.Equal((series.RowSpacingMm, series.ColumnSpacingMm), (volume.RowSpacingMm, volume.ColumnSpacingMm));
    }

    private static CtSeriesBuilder Series(string kind) => kind switch
    {
        "a missing slice" => s_sound with { Missing = [5] },
        "two missing slices side by side" => s_sound with { Missing = [5, 6] },
        "every other slice missing in one half" => s_sound with { SliceCount = 24, Missing = [13, 15, 17, 19, 21] },
        "the first and the last slice missing" => s_sound with { Missing = [0, 11] },
        "every file twice" => s_sound,
        "two slices at one position" => s_sound with { Edit = (i, d) => Place(d, i == 6 ? 25 : 5 * i) },
        "all positions twice" => s_sound with { SliceCount = 24, Edit = (i, d) => Place(d, 5 * (i / 2)) },
        "uneven spacing" => s_sound with { Edit = (i, d) => Place(d, 5 * i + (i % 3 == 0 ? 0.8 : 0)) },
        "one half denser than the other" => s_sound with { SliceCount = 24, Edit = (i, d) => Place(d, i < 12 ? 3 * i : 36 + 5 * (i - 12)) },
        "slices that overlap" => s_sound with { SliceSpacingMm = 2.5, Edit = (_, d) => d.AddOrUpdate(DicomTag.SliceThickness, "5") },
        "slices with room between them" => s_sound with
        {
            SliceSpacingMm = 10, Edit = (_, d) => d.AddOrUpdate(DicomTag.SliceThickness, "1"),
        },
        "a spacing in the header that is not that of the positions" => s_sound with
        {
            Edit = (_, d) => d.Add(DicomTag.SpacingBetweenSlices, "-7"),
        },
        "feet first" => s_sound with { AlongRow = -Vector3.UnitX, PatientPosition = "FFS" },
        "prone" => s_sound with { AlongRow = -Vector3.UnitX, AlongColumn = -Vector3.UnitY, PatientPosition = "HFP" },
        "feet first and prone" => s_sound with { AlongColumn = -Vector3.UnitY, PatientPosition = "FFP" },
        "numbered from foot to head" => s_sound with { Edit = (i, d) => d.AddOrUpdate(DicomTag.InstanceNumber, $"{100 - i}") },
        "without numbers" => s_sound with { Edit = (_, d) => d.Remove(DicomTag.InstanceNumber) },
        "pixels wider than high" => s_sound with { RowSpacingMm = 5, Rows = 64 },
        "pixels higher than wide" => s_sound with { ColumnSpacingMm = 5, Columns = 64 },
        "an aspect ratio beside the pixel spacing" => s_sound with { Edit = (_, d) => d.AddOrUpdate(DicomTag.PixelAspectRatio, "1", "2") },
        "an aspect ratio instead of a pixel spacing" => s_sound with
        {
            Edit = (_, d) => d.Remove(DicomTag.PixelSpacing).AddOrUpdate(DicomTag.PixelAspectRatio, "1", "2"),
        },
        "a matrix of 768" => s_sound with { SliceCount = 8, Rows = 768, Columns = 768, RowSpacingMm = 0.5, ColumnSpacingMm = 0.5 },
        "a matrix higher than wide" => s_sound with { Rows = 48, Columns = 30 },
        "a matrix wider than high" => s_sound with { Rows = 24, Columns = 40 },
        _ => s_sound with { Rows = 15, Columns = 15, RowSpacingMm = 20, ColumnSpacingMm = 20 },
    };

    private static void Place(DicomDataset dataSet, double z) =>
        dataSet.AddOrUpdate(DicomTag.ImagePositionPatient, -155m, -155m, (decimal)z);
}
