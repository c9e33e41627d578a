using HSENet.Dicom.Series;

namespace HSENet.Worker.Commands;

/// <summary>Finds the one series of a folder that can be reported on.</summary>
internal static class FolderReader
{
    /// <summary>
    /// A damaged DICOM file refuses the folder: it might be a slice of the series, and a report must not look whole when it is not. With several
    /// series, exactly one must be usable; choosing between usable ones is not this command's to do.
    /// </summary>
    public static (SeriesReading Reading, string? SeriesUid) Read(string directory, CancellationToken cancellationToken)
    {
        var (series, unreadable) = SeriesFolder.Scan(directory);
        if (unreadable.FirstOrDefault(LooksLikeDicom) is { } damaged)
        {
            return (new SeriesReading.Refused(RefusalReason.UnreadableInstance, $"{Path.GetFileName(damaged)} cannot be read as DICOM"), null);
        }

        if (series.Count == 0)
        {
            return (new SeriesReading.Refused(RefusalReason.NotCt, "the folder holds no DICOM instance"), null);
        }

        if (series.Count == 1)
        {
            var only = series.Single();
            return (VolumeReader.Read(only.Value, cancellationToken), only.Key);
        }

        var verdicts = series.ToDictionary(s => s.Key, s => VolumeReader.Judge(s.Value, cancellationToken));
        var usable = verdicts.Where(v => v.Value is GeometryVerdict.Usable).Select(v => v.Key).ToList();
        return usable switch
        {
            [var uid] => (VolumeReader.Read(series[uid], cancellationToken), uid),
            [] => (FirstRefusal(verdicts.Values), null),
            _ => (new SeriesReading.Refused(RefusalReason.MixedSeries, $"the folder holds {usable.Count} usable series; give the folder of one"), null),
        };
    }

    private static SeriesReading.Refused FirstRefusal(IEnumerable<GeometryVerdict> verdicts)
    {
        var refused = verdicts.OfType<GeometryVerdict.Refused>().OrderBy(r => r.Reason).First();
        return new SeriesReading.Refused(refused.Reason, refused.Detail);
    }

    private static bool LooksLikeDicom(string path)
    {
        if (Path.GetExtension(path) is ".dcm" or ".DCM")
        {
            return true;
        }

        using var file = File.OpenRead(path);
        Span<byte> start = stackalloc byte[132];
        return file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length && start[128..].SequenceEqual("DICM"u8);
    }
}
