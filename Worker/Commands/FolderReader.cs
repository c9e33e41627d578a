using HSENet.Dicom.Codecs.Native;
using HSENet.Dicom.Series;
using HSENet.Worker.Observability;

namespace HSENet.Worker.Commands;

/// <summary>One series of a folder.</summary>
internal sealed record FolderSeries(string Uid, IReadOnlyList<string> Files);

/// <summary>What a folder holds, as far as one report is concerned.</summary>
internal abstract record FolderChoice
{
    private FolderChoice()
    {
    }

    /// <summary>Files that are no DICOM instances, by their names within the folder, without control characters.</summary>
    public IReadOnlyList<string> NotDicom { get; init; } = [];

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
    /// <summary>
    /// A file that may be a slice and cannot be read refuses the folder: a report must not look whole when it is not. What is no instance
    /// is listed. With several series, exactly one must be usable; choosing between usable ones is not ours to do.
    /// </summary>
    public static FolderChoice Choose(string directory, GeometryLimits limits, CancellationToken cancellationToken)
    {
        var contents = SeriesFolder.Scan(directory, cancellationToken);
        return Choose(contents, limits, cancellationToken) with
        {
            NotDicom = [.. contents.Others.Select(f => OperatorText.Clean(Path.GetRelativePath(directory, f.Path)))],
        };
    }

    private static FolderChoice Choose(FolderContents contents, GeometryLimits limits, CancellationToken cancellationToken)
    {
        var series = contents.Series;
        if (contents.Damaged.Count > 0)
        {
            return new FolderChoice.Refused(RefusalReason.UnreadableInstance, Damage(contents), null);
        }

        if (series.Count == 0)
        {
            return new FolderChoice.Refused(RefusalReason.NotCt, "the folder holds no DICOM instance", null);
        }

        SystemCodecs.Start(new DecoderLimits());
        var verdicts = series.ToDictionary(s => s.Key, s => VolumeReader.Judge(s.Value, limits, cancellationToken));
        var usable = verdicts.Where(v => v.Value is GeometryVerdict.Usable).Select(v => v.Key).ToList();
        return usable switch
        {
            [var uid] => new FolderChoice.Usable(new(uid, series[uid])),
            [] => NearestRefusal(series, verdicts),
            _ => new FolderChoice.Refused(RefusalReason.MixedSeries, $"the folder holds {usable.Count} usable series; give the folder of one", null),
        };
    }

    /// <summary>How many, and the scan's codes; of the first what the scan says.</summary>
    private static string Damage(FolderContents contents)
    {
        var codes = contents.Damaged.GroupBy(f => f.Code).OrderByDescending(g => g.Count()).Select(g => $"{g.Count()} x {g.Key}");
        var first = contents.Damaged[0];
        return $"{contents.Damaged.Count} of {contents.FileCount} files cannot be read as DICOM ({string.Join(", ", codes)}); the first: {first.Code}: {first.Detail}";
    }

    /// <summary>
    /// The reason of the series that was most nearly a report: CT slices before other images of CT, and those before anything else; then
    /// the larger one.
    /// </summary>
    private static FolderChoice.Refused NearestRefusal(
        IReadOnlyDictionary<string, IReadOnlyList<string>> series, Dictionary<string, GeometryVerdict> verdicts)
    {
        var (uid, verdict) = verdicts
            .OrderBy(v => Distance(((GeometryVerdict.Refused)v.Value).Reason))
            .ThenByDescending(v => series[v.Key].Count)
            .ThenBy(v => v.Key, StringComparer.Ordinal)
            .First();
        var refused = (GeometryVerdict.Refused)verdict;
        return new(refused.Reason, refused.Detail, series.Count == 1 ? new(uid, series[uid]) : null);
    }

    private static int Distance(RefusalReason reason) => reason switch
    {
        RefusalReason.NotCt => 3,
        RefusalReason.Localizer => 2,
        RefusalReason.Derived or RefusalReason.MultiFrame or RefusalReason.NotChest => 1,
        _ => 0,
    };
}
