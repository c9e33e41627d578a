using FellowOakDicom;
using HSENet.Dicom.Commitment;
using HSENet.Dicom.Receiving;
using HSENet.Dicom.Sending;
using HSENet.TestKit;
using HSENet.Worker.Configuration;
using HSENet.Worker.Commitment;
using HSENet.Worker.Hosting;

namespace HSENet.Integration.Tests;

/// <summary>Senders ask us to commit to what they sent.</summary>
public sealed class CommitmentOfInstancesTests
{
    private const string StatesSql = "select state || ' ' || attempt || coalesce(' ' || failed_count, '') || coalesce(' ' || error_code, '') from commitment_request";
    private static readonly string CtImage = DicomUID.CTImageStorage.UID;

    [Fact]
    public async Task What_is_kept_is_committed_where_the_sender_waits()
    {
        await using var world = await ReceivedAsync();
        world.Peers.IsWaiting = true;
        var references = References(new CtSeriesBuilder());
        Assert.Equal(CommitmentReply.Success, await AskAsync(world, "1.2.9", references));
        await world.ReportAsync();
        Assert.Empty(world.Peers.Reports); // its sender has a moment to go away
        await world.HurryAsync();
        await world.ReportAsync();

        var (way, result) = Assert.Single(world.Peers.Reports);
        Assert.Equal(("same", "1.2.9"), (way, result.TransactionUid));
        Assert.Equal(references, result.Committed);
        Assert.Empty(result.Failed);
        Assert.Equal("reported 1 0", Assert.Single(await world.QueryAsync<string>(StatesSql)));
        Assert.Equal(["commitment.requested", "commitment.reported"], (await world.AuditAsync()).TakeLast(2));
    }

    [Fact]
    public async Task What_is_not_kept_as_it_came_is_named_with_its_reason()
    {
        await using var world = await ReceivedAsync();
        var files = await world.QueryAsync<(string Uid, Guid Series, Guid Instance)>("select sop_instance_uid, series_key, instance_key from instance order by instance_number");
        string PathOf(int i) => Path.Combine(world.Spool, "series", $"{files[i].Series:N}", $"{files[i].Instance:N}.dcm");
        File.Delete(PathOf(0));
        var damaged = await File.ReadAllBytesAsync(PathOf(1));
        damaged[^1] ^= 1;
        await File.WriteAllBytesAsync(PathOf(1), damaged);
        await AskAsync(
            world, "1.2.9", [new(CtImage, files[0].Uid), new(CtImage, files[1].Uid), new("1.2.840.10008.5.1.4.1.1.7", files[2].Uid), new(CtImage, "1.2.3.99"), new(CtImage, files[3].Uid)]);
        await world.HurryAsync();
        await world.ReportAsync();

        var result = Assert.Single(world.Peers.Reports).Result;
        Assert.Equal([new(CtImage, files[3].Uid)], result.Committed);
        Assert.Equal(
            [(files[0].Uid, 0x0112), (files[1].Uid, 0x0110), (files[2].Uid, 0x0119), ("1.2.3.99", 0x0112)],
            result.Failed.Select(f => (f.Reference.SopInstanceUid, (int)f.Reason)));
        Assert.Equal("reported 1 4", Assert.Single(await world.QueryAsync<string>(StatesSql)));
        Assert.Equal([0x0112, 0x0110, 0x0119, 0x0112, null], await world.QueryAsync<int?>("select failure_reason from commitment_reference order by position"));
    }

    [Fact]
    public async Task A_caller_without_an_address_is_refused()
    {
        await using var world = await ReceivedAsync();
        var reply = await AskAsync(world, "1.2.9", References(new CtSeriesBuilder()), callingAe: "STRANGER");

        Assert.Equal(0x0110, reply.Status);
        Assert.Empty(await world.QueryAsync<string>(StatesSql));
        Assert.Equal("commitment.request-refused commitment.no-address", (await world.AuditAsync())[^1]);

        // however often it asks: the others are summed up
        for (var i = 0; i < 20; i++)
            Assert.Equal(0x0110, (await AskAsync(world, $"1.2.9.{i}", References(new CtSeriesBuilder()), callingAe: "STRANGER")).Status);
        Assert.Single(await world.AuditAsync(), line => line == "commitment.request-refused commitment.no-address");
    }

    [Fact]
    public async Task A_sender_that_cannot_be_told_is_told_later_also_after_a_restart()
    {
        await using var world = await ReceivedAsync();
        world.Peers.OnReport = _ => new SendOutcome.Failed("delivery.unreachable", "no connection", IsTransient: true);
        await AskAsync(world, "1.2.9", References(new CtSeriesBuilder()));
        await world.HurryAsync();
        await world.ReportAsync();
        var waiting = Assert.Single(await world.QueryAsync<string>(StatesSql));
        await world.RestartAsync();
        world.Peers.OnReport = _ => null;
        await world.ReportAsync();
        Assert.Empty(world.Peers.Reports);
        await world.HurryAsync();
        await world.ReportAsync();

        Assert.Equal("pending 1 0 commitment.unreachable", waiting);
        Assert.Equal("reported 2 0", Assert.Single(await world.QueryAsync<string>(StatesSql)));
        Assert.Equal("CT1 127.0.0.1:4242", Assert.Single(world.Peers.Reports).Way);
        Assert.Contains("commitment.report-retried commitment.unreachable", await world.AuditAsync());
    }

    [Fact]
    public async Task A_request_that_was_in_hand_when_the_process_died_is_taken_up_again()
    {
        await using var world = await ReceivedAsync();
        await AskAsync(world, "1.2.9", References(new CtSeriesBuilder()));
        await world.HurryAsync();
        var dead = Assert.IsType<RequestClaim>(await world.Get<RequestStore>().TryClaimAsync(world.Get<ProcessIdentity>().LeaseOwner, CancellationToken.None));
        await world.ReportAsync();
        Assert.Empty(world.Peers.Reports);
        await world.RestartAsync();
        await world.ReportAsync();

        Assert.Null(await world.Get<RequestStore>().TryEndAsync(dead, [], null, "", CancellationToken.None));
        Assert.Equal("reported 2 0", Assert.Single(await world.QueryAsync<string>(StatesSql)));
        Assert.Single(world.Peers.Reports);
    }

    [Fact]
    public async Task The_same_request_again_is_reported_again_and_another_under_its_name_is_refused()
    {
        await using var world = await ReceivedAsync();
        var references = References(new CtSeriesBuilder());
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(CommitmentReply.Success, await AskAsync(world, "1.2.9", references));
            await world.HurryAsync();
            await world.ReportAsync();
        }

        var other = await AskAsync(world, "1.2.9", references.Take(1).ToList());

        Assert.Equal(2, world.Peers.Reports.Count);
        Assert.Equal(0x0115, other.Status);
        Assert.Single(await world.QueryAsync<string>(StatesSql));
        Assert.Equal("commitment.request-refused commitment.transaction-reused", (await world.AuditAsync())[^1]);
    }

    [Fact]
    public async Task A_sender_that_cannot_be_told_for_a_week_is_given_up()
    {
        await using var world = await ReceivedAsync();
        world.Peers.OnReport = _ => new SendOutcome.Failed("delivery.rejected", "", IsTransient: false);
        await AskAsync(world, "1.2.9", References(new CtSeriesBuilder()));
        await world.Database.ExecuteAsync("update commitment_request set created_at = now() - interval '8 days', not_before = now()");
        await world.ReportAsync();

        Assert.Equal("failed 1 0 commitment.rejected", Assert.Single(await world.QueryAsync<string>(StatesSql)));
        Assert.Equal("commitment.report-failed commitment.rejected", (await world.AuditAsync())[^1]);
    }

    [Fact]
    public async Task Results_go_to_the_port_of_the_source_else_to_the_destination_of_that_title()
    {
        await using var world = await ReceivedAsync(s => s.Dicom.Sources.Add(new DicomSourceOptions
        {
            AeTitle = "CT2",
            Address = "10.0.0.0/8",
            CommitmentPort = 105,
            CommitmentHost = "ct2.example",
        }));
        var directory = world.Get<RequesterDirectory>();

        Assert.Equal(new RemoteNode("127.0.0.1", 4242, "CT1", "HSENET"), directory.Find("CT1", "127.0.0.1"));
        Assert.Equal(new RemoteNode("ct2.example", 105, "CT2", "HSENET"), directory.Find("CT2", "10.0.0.9"));
        Assert.Equal(new RemoteNode("127.0.0.1", 104, "PACS", "HSENET"), directory.Find("PACS", "10.0.0.9"));
        Assert.Null(directory.Find("CT3", "127.0.0.1"));
    }

    private static List<CommitmentReference> References(CtSeriesBuilder series) =>
        [.. Enumerable.Range(0, series.SliceCount).Select(i => new CommitmentReference(CtImage, series.SliceUid(i)))];

    private static async Task<CommitmentReply> AskAsync(
        ServiceWorld world, string transaction, IReadOnlyList<CommitmentReference> references, string callingAe = "CT1") =>
        await world.Get<ICommitmentReceiver>().OnRequestAsync(
            new CommitmentRequest(new AssociationContext(Guid.NewGuid(), callingAe, "HSENET", "127.0.0.1", 4711), transaction, references), CancellationToken.None);

    private static async Task<ServiceWorld> ReceivedAsync(Action<WorkerSettings>? change = null)
    {
        var world = await ServiceWorld.CreateAsync(s =>
        {
            s.Dicom.Sources.Add(new DicomSourceOptions { AeTitle = "CT1", Address = "127.0.0.1", CommitmentPort = 4242 });
            change?.Invoke(s);
        });
        await world.PushAsync(new CtSeriesBuilder());
        return world;
    }
}
