using HSENet.Dicom.Series;
using HSENet.TestKit;

namespace HSENet.Dicom.Tests.Series;

/// <summary>Writes a built series, reads it, and says what came of it.</summary>
internal static class SeriesAssert
{
    public static SeriesReading.Readable Readable(SeriesReading reading)
    {
        Assert.True(reading is SeriesReading.Readable, reading is SeriesReading.Refused r ? $"{r.Reason.Code()}: {r.Detail}" : "");
        return (SeriesReading.Readable)reading;
    }

    public static SeriesReading.Readable Readable(CtSeriesBuilder builder)
    {
        using var folder = new TempFolder("series");
        return Readable(VolumeReader.Read(builder.Write(folder.Root), default));
    }

    /// <summary>The series is refused by the reader for this reason; the detail names numbers and UIDs, never the patient.</summary>
    public static string Refused(RefusalReason reason, IReadOnlyCollection<string> files, GeometryLimits? limits = null)
    {
        var reading = VolumeReader.Read(files, limits ?? GeometryLimits.Default, default);
        var refused = Assert.IsType<SeriesReading.Refused>(reading);
        Assert.True(refused.Reason == reason, $"{refused.Reason.Code()} instead of {reason.Code()}: {refused.Detail}");
        Assert.DoesNotContain("Test^Builder", refused.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("BUILT-", refused.Detail, StringComparison.Ordinal);
        return refused.Detail;
    }

    public static string Refused(RefusalReason reason, CtSeriesBuilder builder, GeometryLimits? limits = null)
    {
        using var folder = new TempFolder("series");
        return Refused(reason, builder.Write(folder.Root), limits);
    }
}
