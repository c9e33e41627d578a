using FellowOakDicom;
using HSENet.Dicom.Sending;
using HSENet.Dicom.Tests.Receiving;
using HSENet.TestKit;

namespace HSENet.Dicom.Tests.Sending;

/// <summary>Sending to DCMTK's storescp and to Orthanc.</summary>
public sealed class StoreScuPeersTests
{
    [Fact]
    public async Task A_report_arrives_at_storescp_byte_for_byte()
    {
        await using var pacs = await StoreScpProcess.StartAsync();
        var file = SampleReport.Create();
        var progress = new Counter();

        var outcomes = await StoreScu.SendAsync(Node(pacs), [file, SampleReport.Create("1.2.3.4.2")], progress, TestContext.Current.CancellationToken);

        Assert.All(outcomes, outcome => Assert.IsType<SendOutcome.Stored>(outcome));
        Assert.Equal(2, outcomes.Count);
        Assert.Equal([1, 2], progress.Values);
        var received = await pacs.WaitForFilesAsync(2, TimeSpan.FromSeconds(10));
        Assert.Equal(SampleReport.DataSetBytes(file), Part10File.DataSet(received.Single(f => Part10File.Header(f).SopInstanceUid == "1.2.3.4.1")));
    }

    [Fact]
    public async Task A_received_CT_slice_goes_on_byte_for_byte()
    {
        await using var pacs = await StoreScpProcess.StartAsync();
        var path = Directory.GetFiles(SharedData.Path("data/chest-ct/lung-dx-a0001-lung"), "*.dcm")[0];

        var outcome = Assert.Single(await StoreScu.SendAsync(Node(pacs), [await DicomFile.OpenAsync(path)], null, TestContext.Current.CancellationToken));

        Assert.IsType<SendOutcome.Stored>(outcome);
        Assert.Equal(Part10File.DataSet(path), Part10File.DataSet((await pacs.WaitForFilesAsync(1, TimeSpan.FromSeconds(10)))[0]));
    }

    [Fact]
    public async Task A_report_is_found_in_Orthanc()
    {
        await using var orthanc = await OrthancServer.StartAsync();
        var node = new RemoteNode("127.0.0.1", orthanc.DicomPort, orthanc.AeTitle, "HSENET");

        Assert.Null(await StoreScu.EchoAsync(node, TestContext.Current.CancellationToken));
        var outcome = Assert.Single(await StoreScu.SendAsync(node, [SampleReport.Create()], null, TestContext.Current.CancellationToken));

        Assert.IsType<SendOutcome.Stored>(outcome);
        var tags = await orthanc.TagsAsync(Assert.Single(await orthanc.InstancesAsync()));
        Assert.Equal("1.2.3.4.1", tags.GetProperty("SOPInstanceUID").GetString());
        Assert.Equal("Test^Größe", tags.GetProperty("PatientName").GetString());
    }

    [Fact]
    public async Task An_echo_to_storescp_succeeds()
    {
        await using var pacs = await StoreScpProcess.StartAsync();

        Assert.Null(await StoreScu.EchoAsync(Node(pacs), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_closed_port_is_unreachable_for_now()
    {
        var node = new RemoteNode("127.0.0.1", FreePort.Next(), "NOBODY", "HSENET");

        var failed = Assert.IsType<SendOutcome.Failed>(Assert.Single(
            await StoreScu.SendAsync(node, [SampleReport.Create()], null, TestContext.Current.CancellationToken)));
        var echo = await StoreScu.EchoAsync(node, TestContext.Current.CancellationToken);

        Assert.Equal("delivery.unreachable", failed.Code);
        Assert.True(failed.IsTransient);
        Assert.Equal(failed, echo);
    }

    [Fact]
    public async Task A_peer_that_refuses_associations_rejects()
    {
        await using var pacs = await StoreScpProcess.StartAsync(options: ["--refuse"]);

        var outcomes = await StoreScu.SendAsync(
            Node(pacs), [SampleReport.Create(), SampleReport.Create("1.2.3.4.2")], null, TestContext.Current.CancellationToken);

        Assert.Equal(2, outcomes.Count);
        Assert.All(outcomes, outcome => Assert.Equal("delivery.rejected", Assert.IsType<SendOutcome.Failed>(outcome).Code));
    }

    [Theory]
    [InlineData("--abort-after", 0)]
    [InlineData("--abort-during", 0)]
    public async Task An_abort_by_the_peer_leaves_no_instance_said_to_be_stored(string option, int stored)
    {
        await using var pacs = await StoreScpProcess.StartAsync(options: [option]);

        var outcomes = await StoreScu.SendAsync(
            Node(pacs), [SampleReport.Create(), SampleReport.Create("1.2.3.4.2")], null, TestContext.Current.CancellationToken);

        Assert.Equal(stored, outcomes.Count(outcome => outcome is SendOutcome.Stored));
        Assert.All(outcomes.OfType<SendOutcome.Failed>(), failed =>
        {
            Assert.Equal("delivery.aborted", failed.Code);
            Assert.True(failed.IsTransient);
        });
    }

    private static RemoteNode Node(StoreScpProcess pacs) => new("127.0.0.1", pacs.Port, pacs.AeTitle, "HSENET");

    /// <summary>Progress that keeps the order, unlike <see cref="Progress{T}"/>.</summary>
    private sealed class Counter : IProgress<int>
    {
        public List<int> Values { get; } = [];

        public void Report(int value) => Values.Add(value);
    }
}
