using HSENet.Benchmarks.Pipeline;

namespace HSENet.Benchmarks.Soak;

/// <summary>Whether each series has each row of its story, from its first instance to the answer of the PACS.</summary>
internal static class AuditCoverage
{
    /// <summary>What happens to a series that is reported on. An attempt may be repeated, a result is there once.</summary>
    private static readonly (string Event, bool IsOnce)[] s_story =
    [
        ("instances.received", true), ("series.closed", true), ("job.created", true), ("job.queued", false), ("job.started", false), ("job.drafted", true),
        ("delivery.started", false), ("delivery.stored", true),
    ];

    /// <returns>Rows of each event, and what is missing or too much of them.</returns>
    public static async Task<IReadOnlyList<EventCoverage>> ReadAsync(PipelineRig rig, int seriesCount)
    {
        var rows = await rig.QueryAsync<(string Event, long Rows, long Series)>(
            "select event, count(*), count(distinct series_key) from audit.event where series_key is not null group by event");
        return
        [
            .. s_story.Select(step =>
            {
                var row = rows.FirstOrDefault(r => r.Event == step.Event);
                return new EventCoverage(step.Event, row.Rows, seriesCount - row.Series, step.IsOnce ? row.Rows - row.Series : 0);
            }),
            .. rows.Where(row => s_story.All(step => step.Event != row.Event)).Select(row => new EventCoverage(row.Event, row.Rows, 0, 0)),
        ];
    }
}

/// <param name="Event">Its name.</param>
/// <param name="RowCount">Rows of it.</param>
/// <param name="MissingCount">Series that have none and should.</param>
/// <param name="ExcessCount">Rows beyond one of a series, where there may be one only.</param>
internal sealed record EventCoverage(string Event, long RowCount, long MissingCount, long ExcessCount);
