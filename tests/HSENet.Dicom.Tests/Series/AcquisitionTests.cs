using FellowOakDicom;
using HSENet.Dicom.Series;
using HSENet.TestKit;

namespace HSENet.Dicom.Tests.Series;

/// <summary>One volume is one acquisition, however the slices of several are arranged under one Series Instance UID.</summary>
public class AcquisitionTests
{
    private static readonly CtSeriesBuilder s_sound = new() { SliceCount = 24 };

    public enum Arrangement
    {
        Interleaved,
        OneAboveTheOther,
        OneSliceOnly,
    }

    public static TheoryData<string, string, string, Arrangement> Differences
    {
        get
        {
            var data = new TheoryData<string, string, string, Arrangement>();
            foreach (var arrangement in Enum.GetValues<Arrangement>())
            {
                data.Add("0018,1210", "B31f", "B70f", arrangement);
                data.Add("0018,1210", "Br40f\\2", "Br40f\\3", arrangement);
                data.Add("0018,0010", "", "IOMERON", arrangement);
                data.Add("0018,0060", "80", "140", arrangement);
                data.Add("0008,0008", "ORIGINAL\\PRIMARY\\AXIAL\\AVERAGE", "ORIGINAL\\PRIMARY\\AXIAL", arrangement);
                data.Add("0018,0050", "1", "5", arrangement);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Differences))]
    public void Two_reconstructions_or_phases_are_never_one_volume(string tag, string one, string other, Arrangement arrangement) =>
        SeriesAssert.Refused(RefusalReason.MixedSeries, With((i, d) => d.AddOrUpdate(DicomTag.Parse(tag), (IsOther(arrangement, i) ? other : one).Split('\\'))));

    [Theory]
    [InlineData("0018,1210", "B31f", "B31F ")]
    [InlineData("0018,1210", "B31f", "")]
    [InlineData("0018,0010", "IOMERON", "Iomeron ")]
    [InlineData("0018,0060", "120", "120.0")]
    [InlineData("0018,0060", "120", "")]
    [InlineData("0008,0008", "ORIGINAL\\PRIMARY\\AXIAL", "ORIGINAL\\PRIMARY\\AXIAL\\")]
    [InlineData("0018,0050", "0.625", "0.62")]
    [InlineData("0020,0012", "1", "01")]
    public void The_same_written_in_two_ways_is_one_volume(string tag, string one, string other) =>
        SeriesAssert.Readable(With((i, d) => d.AddOrUpdate(DicomTag.Parse(tag), (IsOther(Arrangement.Interleaved, i) ? other : one).Split('\\'))));

    /// <summary>Each position, or each block of them, has an acquisition of its own: one chest, scanned step by step.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(12)]
    public void A_step_and_shoot_chest_is_one_volume(int slicesOfEach)
    {
        var reading = SeriesAssert.Readable(With((i, d) => d.AddOrUpdate(DicomTag.AcquisitionNumber, (i / slicesOfEach + 1).ToString(System.Globalization.CultureInfo.InvariantCulture))));
        Assert.Equal((24, 5.0), (reading.Volume.SliceCount, reading.Volume.SliceSpacingMm));
    }

    [Fact]
    public void Two_acquisitions_of_the_same_stretch_are_two_volumes() =>
        SeriesAssert.Refused(RefusalReason.MixedSeries, With((i, d) => d.AddOrUpdate(DicomTag.AcquisitionNumber, i % 2 == 0 ? "1" : "2")));

    [Fact]
    public void Two_acquisitions_at_the_same_positions_are_two_volumes() =>
        SeriesAssert.Refused(RefusalReason.MixedSeries, With((i, d) => d.AddOrUpdate(DicomTag.AcquisitionNumber, i < 12 ? "1" : "2")
            .AddOrUpdate(DicomTag.ImagePositionPatient, "-155", "-155", (i % 12 * 5).ToString(System.Globalization.CultureInfo.InvariantCulture))));

    private static bool IsOther(Arrangement arrangement, int i) => arrangement switch
    {
        Arrangement.Interleaved => i % 2 == 1,
        Arrangement.OneAboveTheOther => i >= 12,
        _ => i == 17,
    };

    private static CtSeriesBuilder With(Action<int, DicomDataset> edit) => s_sound with { Edit = edit };
}
