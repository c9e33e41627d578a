namespace HSENet.Worker.Series;

/// <summary>
/// SQL about headers that were replaced, of a row h of former_header. Images that were deleted may come again with one: it does not count unless it
/// says to a report what the one said that counted, or comes from whoever sent the one in its place.
/// </summary>
internal static class FormerHeaders
{
    /// <summary>The AE title that sent the last header that matters to a report.</summary>
    public const string CorrectedBy = """
        (select n.calling_ae from former_header l left join association n using (association_id)
          where l.series_key = h.series_key and l.sop_instance_uid = h.sop_instance_uid and l.kind = 'former' and l.matters
          order by l.created_at desc limit 1)
        """;

    /// <summary>Of an instance i, which is here: it has this header.</summary>
    public const string IsBack = """
        (h.series_key = i.series_key and h.sop_instance_uid = i.sop_instance_uid and h.kind = 'former'
         and h.header_digest = substring(i.meaning from 33 for 32))
        """;

    /// <summary>Of such an instance: it says something else to a report than the one that counted. Rows of an older version tell only what mattered.</summary>
    public const string Differs = """
        (case when h.counted_report is not null then h.counted_report <> substring(i.meaning from 65 for 32)
              else exists (select from former_header l
                            where l.series_key = h.series_key and l.sop_instance_uid = h.sop_instance_uid and l.kind = 'former' and l.matters
                              and l.created_at >= h.created_at) end)
        """;

    /// <summary>How many of a series are back from whoever had corrected them, and how many in all.</summary>
    public const string CountSql = $"""
        select count(*) filter (where sender is not distinct from corrected_by and corrected_by is not null)::int, count(*)::int
          from (select a.calling_ae as sender, {CorrectedBy} as corrected_by
                  from instance i join former_header h on {IsBack}
                  left join association a on a.association_id = i.association_id
                 where i.series_key = @seriesKey and {Differs}) f
        """;

    /// <summary>One that is here counts, for it came again from whoever had corrected it.</summary>
    public const string TakeSql = $"""
        delete from former_header h using instance i
         where i.series_key = @SeriesKey and i.sop_instance_uid = @SopInstanceUid and {IsBack} and {Differs} and {CorrectedBy} = @SourceAe
        """;

    /// <summary>One was taken, or there are none any more.</summary>
    public const string ReopenSql = $"""
        update series set state = 'receiving', revision = revision + 1, opened_at = statement_timestamp(), last_instance_at = statement_timestamp(),
               completeness = null, content_hash = null, closed_at = null, refusal_code = null, refusal_detail = null
         where series_key = @SeriesKey and state = 'refused' and refusal_code = @FormerCode
           and (@isTaken or not exists (select from instance i join former_header h on {IsBack} where i.series_key = @SeriesKey and {Differs}))
        """;

    /// <summary>
    /// When the series closes: they count. It returns when one said something else, or when headers were changed and it is again what a job was made of before.
    /// </summary>
    public const string CloseSql = $"""
        with back as (
            select h.sop_instance_uid, h.header_digest, {Differs} as differs
              from instance i join former_header h on {IsBack} where i.series_key = @SeriesKey),
        gone as (
            delete from former_header h using back b
             where h.series_key = @SeriesKey and h.sop_instance_uid = b.sop_instance_uid and h.header_digest = b.header_digest)
        update series s set header_returns = header_returns + 1, returned_revision = revision
         where series_key = @SeriesKey and returned_revision is distinct from revision
           and (exists (select from back where differs)
                or (header_revision = revision
                    and exists (select from job j where j.series_key = s.series_key and j.content_hash = s.content_hash
                                   and j.series_revision < s.revision and j.state = 'drafted')))
        """;
}
