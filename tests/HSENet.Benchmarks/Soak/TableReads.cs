using HSENet.Benchmarks.Pipeline;

namespace HSENet.Benchmarks.Soak;

/// <summary>Where the database read tables from end to end: what grows with the backlog or with the history.</summary>
/// <param name="Table">Its name.</param>
/// <param name="Rows">Rows at the end.</param>
/// <param name="Scans">How often it was read from end to end.</param>
/// <param name="RowsScanned">Rows read thereby.</param>
/// <param name="IndexScans">Look-ups by an index.</param>
internal sealed record TableReads(string Table, long Rows, long Scans, long RowsScanned, long IndexScans)
{
    public static Task<IReadOnlyList<TableReads>> ReadAsync(PipelineRig rig) => rig.QueryAsync<TableReads>("""
        select relname as "table", n_live_tup as rows, coalesce(seq_scan, 0) as scans, coalesce(seq_tup_read, 0) as rowsscanned, coalesce(idx_scan, 0) as indexscans
          from pg_stat_user_tables order by seq_tup_read desc nulls last limit 8
        """);
}
