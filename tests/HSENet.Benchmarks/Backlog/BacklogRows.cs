namespace HSENet.Benchmarks.Backlog;

/// <summary>The rows of a backlog: jobs that wait for workers, and reports that wait for destinations.</summary>
internal static class BacklogRows
{
    /// <summary>A destination that takes reports again: all are due.</summary>
    public const string Back = "back";

    /// <summary>A destination that is away: none is due yet.</summary>
    public const string Away = "away";

    /// <summary>The same, and one is due: the newest.</summary>
    public const string AwayOneDue = "away-one-due";

    /// <summary>The oldest job.</summary>
    public static Guid FirstJob { get; } = Guid.Parse("00000000-0000-0000-0000-000000000001");

    /// <param name="count">Jobs that are ready, and reports that wait for each destination.</param>
    public static string Sql(int count) => $"""
        insert into series(series_key, study_uid, series_uid, state, source_ae, closed_at)
        select id(n), '2.25.' || n, '2.25.1.' || n, 'closed', 'CT1', now() from generate_series(1, 2 * {count}) n;
        insert into job(job_id, series_key, series_revision, content_hash, is_partial, route, mode, model, priority, destinations, state, created_at)
        select id(n), id(n), 1, n::text, false, 'default', 'draft', 'Demo', 1, array[]::text[], case when n <= {count} then 'ready' else 'drafted' end,
               now() - make_interval(secs => 3 * {count} - n) from generate_series(1, 2 * {count}) n;
        insert into draft(job_id, series_instance_uid, sop_instance_uid, document, text, finish_reason, manifest)
        select id(n), '2.25.3.' || n, '2.25.4.' || n, decode(repeat('00', 6000), 'hex'), '', 'Stop', jsonb_build_object() from generate_series({count} + 1, 2 * {count}) n;
        insert into delivery(delivery_id, job_id, destination, state, attempt, created_at, not_before)
        select gen_random_uuid(), id(n), '{Back}', 'pending', 3, now() - make_interval(secs => 3 * {count} - n), now() - make_interval(secs => 3 * {count} - n)
          from generate_series({count} + 1, 2 * {count}) n;
        insert into delivery(delivery_id, job_id, destination, state, attempt, created_at, not_before)
        select gen_random_uuid(), id(n), '{Away}', 'pending', 9, now() - make_interval(secs => 3 * {count} - n), now() + interval '1 day' from generate_series({count} + 1, 2 * {count}) n;
        insert into delivery(delivery_id, job_id, destination, state, attempt, created_at, not_before)
        select gen_random_uuid(), id(n), '{AwayOneDue}', 'pending', 9, now() - make_interval(secs => 3 * {count} - n),
               case when n = 2 * {count} then now() - interval '1 second' else now() + interval '1 day' end from generate_series({count} + 1, 2 * {count}) n;
        analyze;
        """.Replace("id(n)", "lpad(to_hex(n), 32, '0')::uuid", StringComparison.Ordinal);
}
