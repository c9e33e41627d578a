using System.Globalization;
using HSENet.Worker.Observability;
using HSENet.Worker.Operating;

namespace HSENet.Worker.Commands;

/// <summary>Jobs as a table of at most 100 columns: what is too long is cut, the beginning of a UID and the end of anything else.</summary>
internal static class JobTable
{
    private const int Width = 100;
    private const int StudyWidth = 20;
    private const int AccessionWidth = 16;

    /// <summary>The header, and a line for each job.</summary>
    public static IEnumerable<string> Lines(IReadOnlyList<JobSummary> jobs)
    {
        if (jobs.Count == 0)
        {
            yield break;
        }

        var ids = Math.Max(ShortId.Shown, jobs.Max(j => j.ShortId.Length));
        string Line(string id, string state, string priority, string attempt, string created, string accession, string study, string note)
        {
            var work = $"{id.PadRight(ids)} {state,-9} {priority,-4} {attempt,3} {created,-12}";
            return Cut($"{work} {Cut(accession, AccessionWidth),-AccessionWidth} {Tail(study),-StudyWidth} {note}".TrimEnd(), Width);
        }

        yield return Line("JOB", "STATE", "PRIO", "TRY", "CREATED UTC", "ACCESSION", "STUDY", "NOTE");
        foreach (var job in jobs)
        {
            yield return Line(
                job.ShortId,
                job.State,
                job.Priority >= 2 ? "stat" : "",
                job.Attempt.ToString(CultureInfo.InvariantCulture),
                job.CreatedAt.ToString("MM-dd HH:mm", CultureInfo.InvariantCulture),
                job.Accession ?? "",
                job.StudyUid,
                string.Join(' ', (string[])
                [
                    .. job.ErrorCode is { } code ? [code] : Array.Empty<string>(),
                    .. job.FailedDeliveries.Select(d => $"not at {d}"),
                    .. job.TriedDeliveries.Select(d => $"not yet at {d}"),
                    .. job.PartialReason is null ? Array.Empty<string>() : ["partial"],
                ]));
        }
    }

    private static string Cut(string text, int width)
    {
        var clean = OperatorText.Clean(text);
        return clean.Length <= width ? clean : clean[..(width - 1)] + "…";
    }

    private static string Tail(string uid) => uid.Length <= StudyWidth ? uid : "…" + uid[^(StudyWidth - 1)..];
}
