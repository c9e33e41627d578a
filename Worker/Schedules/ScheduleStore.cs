using Dapper;
using HSENet.Worker.Persistence;

namespace HSENet.Worker.Schedules;

/// <summary>Reads Quartz's tables: no scheduler is needed to look at the schedules.</summary>
internal sealed class ScheduleStore(Database database)
{
    // Quartz keeps times as ticks of .NET, in UTC
    private const string ListSql = """
        select t.trigger_name, t.trigger_group, c.cron_expression,
               case when exists (select from quartz.qrtz_fired_triggers f where f.sched_name = t.sched_name and f.job_name = t.job_name
                                    and f.job_group = t.job_group and f.state = 'EXECUTING') then 'running' else lower(t.trigger_state) end as state,
               t.next_fire_time, s.last_fired_time, s.last_result, s.last_run_time, s.last_instance_name, s.last_failure_message,
               coalesce(s.consecutive_failures, 0) as consecutive_failures, coalesce(s.run_count, 0) as run_count
          from quartz.qrtz_triggers t
          left join quartz.qrtz_cron_triggers c using (sched_name, trigger_name, trigger_group)
          left join quartz.qrtz_job_status s on s.sched_name = t.sched_name and s.job_name = t.job_name and s.job_group = t.job_group
         where t.sched_name = @SchedulerName
         order by t.trigger_name, t.trigger_group
        """;

    private static readonly string[] Results = ["succeeded", "failed", "cancelled", "skipped"];

    public async Task<IReadOnlyList<ScheduleSummary>> ListAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(ListSql, new { Calendar.SchedulerName }, cancellationToken: cancellationToken));
        return [.. rows.Select(Summary)];
    }

    private static ScheduleSummary Summary(Row row) => new()
    {
        Name = row.TriggerName,
        Scope = row.TriggerGroup,
        Cron = row.CronExpression,
        State = row.State,
        NextAt = Time(row.NextFireTime),
        LastAt = Time(row.LastFiredTime),
        LastResult = row.LastResult is { } result ? Results.ElementAtOrDefault(result) ?? "unknown" : null,
        LastSeconds = row.LastRunTime is { } time ? TimeSpan.FromTicks(time).TotalSeconds : null,
        LastInstance = row.LastInstanceName,
        LastError = row.ConsecutiveFailures > 0 ? row.LastFailureMessage : null,
        ConsecutiveFailures = row.ConsecutiveFailures,
        RunCount = row.RunCount,
    };

    private static DateTime? Time(long? ticks) => ticks is { } value ? new DateTime(value, DateTimeKind.Utc) : null;

    private sealed record Row
    {
        public required string TriggerName { get; init; }

        public required string TriggerGroup { get; init; }

        public string? CronExpression { get; init; }

        public required string State { get; init; }

        public long? NextFireTime { get; init; }

        public long? LastFiredTime { get; init; }

        public int? LastResult { get; init; }

        public long? LastRunTime { get; init; }

        public string? LastInstanceName { get; init; }

        public string? LastFailureMessage { get; init; }

        public int ConsecutiveFailures { get; init; }

        public long RunCount { get; init; }
    }
}
