using HSENet.Worker.Audit;

namespace HSENet.Integration.Tests.Audit;

/// <summary>What somebody with all rights on the server does to the rows, and what the verifier says of it. Row n has event n and seal n.</summary>
public sealed class AuditTamperingTests
{
    private const int Rows = 20;

    [Fact]
    public async Task An_untouched_chain_has_no_faults_and_its_head_is_its_last_seal()
    {
        await using var audit = await SealedAudit.CreateAsync(Rows);
        var first = await audit.VerifyAsync();
        await audit.WriteAsync(3);
        var unsealed = await audit.VerifyAsync(first.Head);
        await audit.Sealer.SealAsync(CancellationToken.None);
        var second = await audit.VerifyAsync(first.Head);

        Assert.Equal((Rows, Rows, 0, 0), (first.Head.Seq, first.SealCount, first.FaultCount, first.UnsealedCount));
        Assert.Equal((Rows, 3, 0), (unsealed.Head.Seq, unsealed.UnsealedCount, unsealed.FaultCount));
        Assert.Equal((Rows + 3, 0, 0), (second.Head.Seq, second.UnsealedCount, second.FaultCount));
        Assert.NotEqual(first.Head.Hash, second.Head.Hash);
    }

    [Theory]
    [InlineData("actor = 'ae:CT2'")]
    [InlineData("outcome = 4")]
    [InlineData("details = replace(details, ' ', '') || ' '")]
    [InlineData("reason = case when reason is null then '' end")]
    [InlineData("destination = 'a', study_uid = '2.25.12'")]
    [InlineData("series_key = gen_random_uuid()")]
    [InlineData("at = at + interval '1 microsecond'")]
    [InlineData("dcm_code = null, dcm_type = dcm_code")]
    public async Task One_row_changed_is_named(string change)
    {
        await using var audit = await SealedAudit.CreateAsync(Rows);
        await audit.Database.TamperAsync($"update audit.event set {change} where event_id = 7");
        var faults = await audit.FaultsAsync();

        Assert.Equal("changed 7 7", faults[0]);

        // a row at another time is another row, too: one that has no seal
        Assert.All(faults.Skip(1), fault => Assert.Equal("unsealed - 7", fault));
        Assert.Equal(0, change.StartsWith("at", StringComparison.Ordinal) ? 0 : faults.Count - 1);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(Rows)]
    public async Task One_row_deleted_is_named(int eventId)
    {
        await using var audit = await SealedAudit.CreateAsync(Rows);
        await audit.Database.TamperAsync($"delete from audit.event where event_id = {eventId}");
        Assert.Equal([$"deleted {eventId} {eventId}"], await audit.FaultsAsync());
    }

    [Fact]
    public async Task A_row_deleted_with_its_seal_is_named_by_the_seal()
    {
        await using var audit = await SealedAudit.CreateAsync(Rows);
        await audit.Database.TamperAsync("delete from audit.event where event_id in (7, 8); delete from audit.seal where seq in (7, 8)");
        Assert.Equal(["deleted 7 -"], await audit.FaultsAsync());
    }

    [Fact]
    public async Task Rows_that_hold_each_others_content_are_named()
    {
        await using var audit = await SealedAudit.CreateAsync(Rows);
        await audit.Database.TamperAsync(
            """
            alter table audit.event alter column event_id drop identity;
            update audit.event set event_id = -7 where event_id = 7;
            update audit.event set event_id = 7, at = (select at from audit.event where event_id = -7) where event_id = 12;
            """);
        await audit.Database.TamperAsync("update audit.event set event_id = 12, at = (select at from audit.seal where seq = 12) where event_id = -7");
        Assert.Equal(["changed 7 7", "changed 12 12"], await audit.FaultsAsync());
    }

    [Fact]
    public async Task Rows_whose_numbers_were_exchanged_are_named_with_what_they_hold()
    {
        await using var audit = await SealedAudit.CreateAsync(Rows);
        await audit.Database.TamperAsync(
            """
            alter table audit.event alter column event_id drop identity;
            update audit.seal set at = (select e.at from audit.event e where e.event_id = 19 - seal.event_id) where event_id in (7, 12);
            update audit.event set event_id = 19 - event_id where event_id in (7, 12);
            """);
        var verdict = await audit.VerifyAsync();

        Assert.Equal(["reordered 7 7", "reordered 12 12"], verdict.Faults.Select(f => $"{f.Kind} {f.Seq} {f.EventId}"));
        Assert.Contains("event 12", verdict.Faults[0].Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Seals_that_have_changed_places_are_named_with_their_own_place()
    {
        await using var audit = await SealedAudit.CreateAsync(Rows);
        await audit.Database.TamperAsync(
            "update audit.seal set seq = 1000 where seq = 7; update audit.seal set seq = 7 where seq = 12; update audit.seal set seq = 12 where seq = 1000");
        var verdict = await audit.VerifyAsync();

        Assert.Equal(["reordered 7 12", "reordered 12 7"], verdict.Faults.Select(f => $"{f.Kind} {f.Seq} {f.EventId}"));
        Assert.Contains("seal 12 (event 7)", verdict.Faults[0].Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_row_changed_together_with_its_seal_breaks_the_chain_there_and_nowhere_else()
    {
        await using var audit = await SealedAudit.CreateAsync(Rows);
        await audit.Database.TamperAsync(
            """
            update audit.event set actor = 'ae:CT2' where event_id = 7;
            update audit.seal s set row_hash = audit.row_hash(e) from audit.event e where e.event_id = s.event_id and s.seq = 7;
            """);
        Assert.Equal(["changed 7 7"], await audit.FaultsAsync());
        await audit.Database.TamperAsync("update audit.seal set chain = sha256(chain) where seq = 15");
        Assert.Equal(["changed 7 7", "changed 15 15"], await audit.FaultsAsync());
    }

    [Fact]
    public async Task A_tail_cut_off_is_found_with_a_head_kept_elsewhere()
    {
        await using var audit = await SealedAudit.CreateAsync(Rows);
        var head = (await audit.VerifyAsync()).Head;
        await audit.Database.TamperAsync("delete from audit.event where event_id > 15; delete from audit.seal where seq > 15");
        var without = await audit.VerifyAsync();
        var with = await audit.VerifyAsync(head);

        Assert.Equal((0, 15), (without.FaultCount, without.Head.Seq));     // what is left is a whole chain: only the head can tell
        Assert.Equal(["cut-off"], with.Faults.Select(f => f.Kind));
        Assert.Contains("5 seals are gone", with.Faults[0].Detail, StringComparison.Ordinal);

        // the chain grows over the place, with other rows
        await audit.WriteAsync(Rows);
        await audit.Sealer.SealAsync(CancellationToken.None);
        Assert.Equal(["rewritten 20 25"], await audit.FaultsAsync(head));
    }

    [Fact]
    public async Task A_tail_of_seals_alone_cut_off_is_found_without_a_head()
    {
        await using var audit = await SealedAudit.CreateAsync(Rows);
        await audit.Database.TamperAsync("update audit.seal_state set sealed_below = pg_current_xact_id()");      // no transaction of another database is open any more
        await audit.Database.TamperAsync("delete from audit.seal where seq > 18");
        await audit.WriteAsync(1);
        await audit.Sealer.SealAsync(CancellationToken.None);
        Assert.Equal(["unsealed - 19", "unsealed - 20"], await audit.FaultsAsync());
    }

    [Fact]
    public async Task A_whole_chain_rebuilt_by_its_owner_is_found_with_a_head_kept_elsewhere()
    {
        await using var audit = await SealedAudit.CreateAsync(Rows);
        var head = (await audit.VerifyAsync()).Head;
        await audit.Database.TamperAsync(
            """
            update audit.event set actor = 'ae:CT2' where event_id = 7;
            delete from audit.seal;
            update audit.seal_state set sealed_below = '0';
            select audit.seal_rows(1000);
            """);

        Assert.Empty(await audit.FaultsAsync());
        Assert.Equal(["rewritten 20 20"], await audit.FaultsAsync(head));
    }

    [Fact]
    public async Task A_chain_broken_everywhere_lists_the_first_faults_and_counts_all()
    {
        await using var audit = await SealedAudit.CreateAsync(250);
        await audit.Database.TamperAsync("update audit.event set actor = 'x'");
        var verdict = await audit.VerifyAsync();
        Assert.Equal((250, 100), (verdict.FaultCount, verdict.Faults.Count));
    }
}
