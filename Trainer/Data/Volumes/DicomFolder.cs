using HSENet.Dicom.Series;
using HSENet.Model;

namespace HSENet.Trainer.Data.Volumes;

/// <summary>The one CT series of a folder.</summary>
internal static class DicomFolder
{
    private static readonly string[] s_companions = [".txt", ".md", ".json", ".jsonl", ".xml", ".csv", ".tsv", ".html", ".pdf", ".png", ".jpg", ".zip", ".log"];

    /// <exception cref="TrainerException">
    /// <c>data.unreadable</c>: a file that may be a slice cannot be read; <c>data.refused</c>: no series, or more than one, makes a volume.
    /// </exception>
    public static CtInput Read(string directory, CancellationToken cancellationToken)
    {
        var (series, unreadable) = SeriesFolder.Scan(directory);
        if (unreadable.Count(MayBeSlice) is > 0 and var damaged)
        {
            throw new TrainerException("data.unreadable", $"{damaged} files cannot be read as DICOM.");
        }

        var usable = series.Count <= 1 ? [.. series.Values] : series.Values.Where(files => VolumeReader.Judge(files, cancellationToken) is GeometryVerdict.Usable).ToList();
        if (usable is not [var chosen])
        {
            throw new TrainerException("data.refused", $"{usable.Count} of {series.Count} series make a volume; one is wanted.");
        }

        return VolumeReader.Read(chosen, cancellationToken) switch
        {
            SeriesReading.Readable readable => ToInput(readable.Volume),
            SeriesReading.Refused refused => throw new TrainerException("data.refused", $"{refused.Reason}: {refused.Detail}"),
            _ => throw new InvalidOperationException("neither readable nor refused"),
        };
    }

    public static CtInput ToInput(CtVolume volume) => new()
    {
        Hu = volume.Hu,
        Shape = (volume.SliceCount, volume.Rows, volume.Columns),
        SpacingMm = (volume.SliceSpacingMm, volume.RowSpacingMm, volume.ColumnSpacingMm),
        Axes = volume.Axes,
    };

    private static bool MayBeSlice(string path)
    {
        var name = Path.GetFileName(path);
        return !name.StartsWith('.') && name is not ("DICOMDIR" or "LICENSE" or "README")
            && !s_companions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);
    }
}
