using HSENet.Dicom.Series;

namespace HSENet.Worker.Commands;

/// <summary>One series of a folder.</summary>
internal sealed record FolderSeries(string Uid, IReadOnlyList<string> Files);

/// <summary>What a folder holds, as far as one report is concerned.</summary>
internal abstract record FolderChoice
{
    private FolderChoice()
    {
    }

    /// <summary>The series that can be reported on, by its headers.</summary>
    public sealed record Usable(FolderSeries Series) : FolderChoice;

    /// <param name="Reason">Why there is none.</param>
    /// <param name="Detail">For an operator; no patient data, so no file names either.</param>
    /// <param name="Series">The folder's only series, which was refused; null when it is not about one series.</param>
    public sealed record Refused(RefusalReason Reason, string Detail, FolderSeries? Series) : FolderChoice;
}

/// <summary>Finds the one series of a folder that can be reported on; the same rule for <c>process</c> and <c>demo</c>.</summary>
internal static class FolderReader
{
    private static readonly string[] CompanionNames = ["DICOMDIR", "LICENSE", "README", "CHECKSUMS", "MANIFEST"];

    private static readonly string[] CompanionExtensions =
        [".txt", ".md", ".json", ".jsonl", ".xml", ".csv", ".tsv", ".html", ".htm", ".pdf", ".png", ".jpg", ".jpeg", ".nii", ".gz", ".zip", ".log", ".inf", ".exe", ".ini"];

    /// <summary>
    /// A file that cannot be read refuses the folder: it might be a slice of the series, and a report must not look whole when it is not. Only
    /// files that go by the name of something else are passed over. With several series, exactly one must be usable; choosing between usable
    /// ones is not ours to do.
    /// </summary>
    public static FolderChoice Choose(string directory, CancellationToken cancellationToken)
    {
        var (series, unreadable) = SeriesFolder.Scan(directory);
        var damaged = unreadable.Count(MayBeDicom);
        if (damaged > 0)
        {
            return new FolderChoice.Refused(RefusalReason.UnreadableInstance, $"{damaged} files cannot be read as DICOM", null);
        }

        if (series.Count == 0)
        {
            return new FolderChoice.Refused(RefusalReason.NotCt, "the folder holds no DICOM instance", null);
        }

        var verdicts = series.ToDictionary(s => s.Key, s => VolumeReader.Judge(s.Value, cancellationToken));
        var usable = verdicts.Where(v => v.Value is GeometryVerdict.Usable).Select(v => v.Key).ToList();
        return usable switch
        {
            [var uid] => new FolderChoice.Usable(new(uid, series[uid])),
            [] => FirstRefusal(series, verdicts),
            _ => new FolderChoice.Refused(RefusalReason.MixedSeries, $"the folder holds {usable.Count} usable series; give the folder of one", null),
        };
    }

    private static FolderChoice.Refused FirstRefusal(
        IReadOnlyDictionary<string, IReadOnlyList<string>> series, Dictionary<string, GeometryVerdict> verdicts)
    {
        var (uid, verdict) = verdicts.OrderBy(v => ((GeometryVerdict.Refused)v.Value).Reason).First();
        var refused = (GeometryVerdict.Refused)verdict;
        return new(refused.Reason, refused.Detail, series.Count == 1 ? new(uid, series[uid]) : null);
    }

    private static bool MayBeDicom(string path)
    {
        var name = Path.GetFileNameWithoutExtension(path);
        var isCompanion = name.StartsWith('.')
            || CompanionExtensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase)
            || CompanionNames.Contains(Path.GetFileName(path), StringComparer.OrdinalIgnoreCase);
        return !isCompanion || HasMagic(path);
    }

    private static bool HasMagic(string path)
    {
        using var file = File.OpenRead(path);
        Span<byte> start = stackalloc byte[132];
        return Path.GetFileName(path) != "DICOMDIR"
            && file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length
            && start[128..].SequenceEqual("DICM"u8);
    }
}
