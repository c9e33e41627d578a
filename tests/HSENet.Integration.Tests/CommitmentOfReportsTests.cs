using HSENet.Dicom.Commitment;
using HSENet.Dicom.Sending;
using HSENet.TestKit;
using HSENet.Worker.Commitment;

namespace HSENet.Integration.Tests;

/// <summary>We ask destinations to commit to our reports: every order in which answers can come, or not come.</summary>
public sealed class CommitmentOfReportsTests
{
    private const string StatesSql = """
        select d.state || coalesce(' ' || d.error_code, '') || ' | ' || coalesce((select string_agg(c.state, ' ' order by c.round) from commitment c), '') from delivery d
        """;

    [Fact]
    public async Task A_stored_report_is_asked_about_and_committed()
    {
        await using var world = await StoredAsync();
        var due = await StatesAsync(world);
        await world.AskAsync();
        var asked = await StatesAsync(world);
        var reply = await AnswerAsync(world, round: 0);

        Assert.Equal(("stored | due", "stored | asked", "committed | committed"), (due, asked, await StatesAsync(world)));
        Assert.Equal(CommitmentReply.Success, reply);
        var (calledAe, transaction, reference) = Assert.Single(world.Peers.Asked);
        Assert.Equal(("PACS", "1.2.840.10008.5.1.4.1.1.88.11"), (calledAe, reference.SopClassUid));
        Assert.Equal(await world.QueryAsync<string>("select sop_instance_uid from draft"), [reference.SopInstanceUid]);
        Assert.Equal(await world.QueryAsync<string>("select transaction_uid from commitment"), [transaction]);
        Assert.NotNull(await world.Database.ScalarAsync<DateTime?>("select committed_at from delivery"));
        Assert.Equal(["delivery.stored", "commitment.started", "commitment.committed"], (await world.AuditAsync()).TakeLast(3));
    }

    [Fact]
    public async Task A_destination_that_is_not_to_be_asked_is_not()
    {
        await using var world = await StoredAsync(isCommitmentWanted: false);
        await world.AskAsync();

        Assert.Equal("stored | ", await StatesAsync(world));
        Assert.Empty(world.Peers.Asked);
    }

    [Fact]
    public async Task A_result_may_come_before_the_response()
    {
        await using var world = await StoredAsync();
        world.Peers.OnAsk = async (_, _) =>
        {
            Assert.Equal(CommitmentReply.Success, await AnswerAsync(world, round: 0));
            return null;
        };
        await world.AskAsync();

        Assert.Equal("committed | committed", await StatesAsync(world));
    }

    [Fact]
    public async Task A_result_counts_even_when_the_response_is_a_failure()
    {
        await using var world = await StoredAsync();
        world.Peers.OnAsk = async (_, _) =>
        {
            await AnswerAsync(world, round: 0);
            return new SendOutcome.Failed("delivery.timeout", "no response", IsTransient: true);
        };
        await world.AskAsync();
        await world.HurryAsync();
        await world.AskAsync();

        Assert.Equal("committed | committed", await StatesAsync(world));
        Assert.Single(world.Peers.Asked);
    }

    [Fact]
    public async Task A_result_told_twice_or_more_is_answered_and_counts_once()
    {
        await using var world = await StoredAsync();
        await world.AskAsync();
        var replies = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => AnswerAsync(world, round: 0)));
        var opposite = await AnswerAsync(world, round: 0, reason: 0x0112);

        Assert.All(replies, reply => Assert.Equal(CommitmentReply.Success, reply));
        Assert.Equal(CommitmentReply.Success, opposite);
        Assert.Equal("committed | committed", await StatesAsync(world));
        Assert.Single(await world.AuditAsync(), e => e.StartsWith("commitment.committed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_result_that_is_not_about_us_is_answered_as_such()
    {
        await using var world = await StoredAsync();
        await world.AskAsync();
        var (_, transaction, reference) = world.Peers.Asked[0];
        var stranger = await world.Get<ICommitmentReceiver>().OnResultAsync(new("1.2.3", [reference], []), CancellationToken.None);
        var other = await world.Get<ICommitmentReceiver>().OnResultAsync(
            new(transaction, [reference with { SopInstanceUid = "1.2.3" }], []), CancellationToken.None);

        Assert.Equal((0x0115, 0x0115), (stranger.Status, other.Status));
        Assert.Equal("stored | asked", await StatesAsync(world));
    }

    [Fact]
    public async Task A_report_that_is_not_kept_is_sent_again_and_asked_about_again()
    {
        await using var world = await StoredAsync();
        await world.AskAsync();
        await AnswerAsync(world, round: 0, reason: 0x0112);
        var refused = await StatesAsync(world);
        await world.DeliverAsync();
        Assert.Single(world.Pacs.Received);
        await world.HurryAsync();
        await world.DeliverAsync();
        await world.AskAsync();
        await AnswerAsync(world, round: 1);

        Assert.Equal("pending commitment.refused | refused", refused);
        Assert.Equal("committed | refused committed", await StatesAsync(world));
        Assert.Equal(2, world.Pacs.Received.Count);
        Assert.Equal(world.Pacs.Received[0].Document, world.Pacs.Received[1].Document);
        Assert.Equal(2, world.Peers.Asked.Select(a => a.TransactionUid).Distinct().Count());
        Assert.Equal(274, await world.Database.ScalarAsync<int>("select failure_reason from commitment where round = 1"));
    }

    [Fact]
    public async Task Without_an_answer_it_is_asked_again_and_an_answer_to_either_question_counts()
    {
        await using var world = await StoredAsync();
        await world.AskAsync();
        await world.AskAsync();
        Assert.Single(world.Peers.Asked);
        await LateAsync(world);
        await world.AskAsync();
        var again = await StatesAsync(world);
        await AnswerAsync(world, round: 0);

        Assert.Equal(2, world.Peers.Asked.Count);
        Assert.Equal("stored | unanswered asked", again);
        Assert.Equal("committed | committed superseded", await StatesAsync(world));
        Assert.Contains("commitment.retried commitment.no-answer", await world.AuditAsync());
        Assert.Equal(CommitmentReply.Success, await AnswerAsync(world, round: 1));
    }

    [Fact]
    public async Task A_late_refusal_of_an_older_question_changes_nothing()
    {
        await using var world = await StoredAsync();
        await world.AskAsync();
        await LateAsync(world);
        await world.AskAsync();
        var reply = await AnswerAsync(world, round: 0, reason: 0x0112);

        Assert.Equal(CommitmentReply.Success, reply);
        Assert.Equal("stored | refused asked", await StatesAsync(world));
    }

    [Fact]
    public async Task A_yes_from_before_a_later_no_does_not_count()
    {
        await using var world = await StoredAsync();
        await world.AskAsync();
        await LateAsync(world);
        await world.AskAsync();
        await AnswerAsync(world, round: 1, reason: 0x0112);
        await AnswerAsync(world, round: 0);

        Assert.StartsWith("pending commitment.refused", await StatesAsync(world), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_destination_that_cannot_be_asked_is_asked_later()
    {
        await using var world = await StoredAsync();
        world.Peers.OnAsk = (_, _) => Task.FromResult<SendOutcome.Failed?>(new SendOutcome.Failed("delivery.refused-context", "no context", IsTransient: false));
        await world.AskAsync();
        var once = world.Peers.Asked.Count;
        world.Peers.OnAsk = (_, _) => Task.FromResult<SendOutcome.Failed?>(null);
        await world.HurryAsync();
        await world.AskAsync();

        Assert.Equal((1, 2), (once, world.Peers.Asked.Count));
        Assert.Equal("stored | unanswered asked", await StatesAsync(world));
        Assert.Contains("commitment.retried commitment.refused-context", await world.AuditAsync());
    }

    [Fact]
    public async Task A_question_that_was_under_way_when_the_process_died_is_asked_again_and_its_answer_still_counts()
    {
        await using var world = await StoredAsync();
        world.Peers.OnAsk = (_, _) => throw new OperationCanceledException();
        var store = world.Get<TransactionStore>();
        var owner = world.Get<HSENet.Worker.Hosting.ProcessIdentity>().LeaseOwner;
        var dead = Assert.IsType<TransactionClaim>(await store.TryClaimAsync("pacs", owner, CancellationToken.None));
        await world.RestartAsync();
        world.Peers.OnAsk = (_, _) => Task.FromResult<SendOutcome.Failed?>(null);
        await world.AskAsync();
        var again = await StatesAsync(world);
        Assert.False(await world.Get<TransactionStore>().TryAskedAsync(dead, CancellationToken.None));
        await world.Get<ICommitmentReceiver>().OnResultAsync(
            new(dead.TransactionUid, [new("1.2.840.10008.5.1.4.1.1.88.11", dead.SopInstanceUid)], []), CancellationToken.None);

        Assert.Equal("stored | unanswered asked", again);
        Assert.Equal("committed | committed superseded", await StatesAsync(world));
    }

    [Fact]
    public async Task After_a_restart_a_result_finds_its_question()
    {
        await using var world = await StoredAsync();
        await world.AskAsync();
        await world.RestartAsync();
        await AnswerAsync(world, round: 0);

        Assert.Equal("committed | committed", await StatesAsync(world));
    }

    [Fact]
    public async Task After_a_week_without_an_answer_the_delivery_fails_visibly_and_a_still_later_yes_mends_it()
    {
        await using var world = await StoredAsync();
        await world.AskAsync();
        await world.Database.ExecuteAsync("update delivery set stored_at = now() - interval '8 days'");
        await world.AskAsync();
        var failed = await StatesAsync(world);
        var audit = (await world.AuditAsync())[^1];
        await world.AskAsync();
        await AnswerAsync(world, round: 0);

        Assert.Equal(("failed commitment.no-answer | unanswered", "commitment.failed commitment.no-answer"), (failed, audit));
        Assert.Single(world.Peers.Asked);
        Assert.Equal("committed | committed", await StatesAsync(world));
    }

    [Fact]
    public async Task A_destination_that_refuses_for_a_week_is_given_up()
    {
        await using var world = await StoredAsync();
        await world.AskAsync();
        await world.Database.ExecuteAsync("update delivery set created_at = now() - interval '8 days'");
        await AnswerAsync(world, round: 0, reason: 0x0110);

        Assert.Equal("failed commitment.refused | refused", await StatesAsync(world));
        Assert.Equal("commitment.failed commitment.refused", (await world.AuditAsync())[^1]);
    }

    private static async Task<string> StatesAsync(ServiceWorld world) => Assert.Single(await world.QueryAsync<string>(StatesSql));

    private static Task LateAsync(ServiceWorld world) => world.Database.ExecuteAsync("update commitment set answer_by = now() - interval '1 s' where state = 'asked'");

    private static async Task<CommitmentReply> AnswerAsync(ServiceWorld world, int round, ushort? reason = null)
    {
        var (_, transaction, reference) = world.Peers.Asked[round];
        return await world.Get<ICommitmentReceiver>().OnResultAsync(
            reason is null ? new(transaction, [reference], []) : new(transaction, [], [new CommitmentFailure(reference, reason.Value)]), CancellationToken.None);
    }

    private static async Task<ServiceWorld> StoredAsync(bool isCommitmentWanted = true)
    {
        var world = await ServiceWorld.CreateAsync(s => s.Destinations[0].StorageCommitment = isCommitmentWanted);
        await world.PushAsync(new CtSeriesBuilder());
        await world.SweepSeriesAsync();
        await world.RunJobsAsync();
        await world.DeliverAsync();
        return world;
    }
}
