using FellowOakDicom;
using FellowOakDicom.Network;

namespace HSENet.Toolkit.Tests.Network;

/// <summary>What goes on at the same time in one association.</summary>
public sealed class OperationTests
{
    [Fact]
    public async Task Requests_within_a_granted_window_are_worked_on_side_by_side_and_answered_as_they_end()
    {
        var gates = new[] { new TaskCompletionSource(), new TaskCompletionSource() };
        var calls = 0;
        var script = new Script
        {
            Negotiate = association =>
            {
                Script.AcceptUsual(association);
                association.MaxAsyncOpsInvoked = 2;
            },
            OnEcho = async request =>
            {
                await gates[Interlocked.Increment(ref calls) - 1].Task;
                return new DicomCEchoResponse(request, DicomStatus.Success);
            },
        };
        using var server = TestServer.Start<ScriptedScp>(script);
        using var peer = await RawPeer.ConnectAsync(server.Port);
        await peer.SendAsync(Wire.AssociateRequest(
            Wire.Context(1, Wire.Verification, Wire.ImplicitLittle), Wire.UserInformation(0, Wire.Window(9, 1))));
        Assert.Equal([0, 2, 0, 1], RawPeer.UserInformation(await peer.ReadAsync(2)).Single(item => item.Type == 0x53).Body);
        await peer.SendEchoAsync(1);
        await peer.SendEchoAsync(2);
        await Eventually.TrueAsync(() => Volatile.Read(ref calls) == 2);
        gates[1].SetResult();
        Assert.Equal(2, (await peer.ReadResponseAsync()).RequestId);
        gates[0].SetResult();
        Assert.Equal(1, (await peer.ReadResponseAsync()).RequestId);
    }

    [Fact]
    public async Task Without_a_window_handlers_come_one_after_the_other_whatever_the_peer_sends()
    {
        var (running, most) = (0, 0);
        var script = new Script
        {
            OnEcho = async request =>
            {
                most = Math.Max(most, Interlocked.Increment(ref running));
                await Task.Yield();
                Interlocked.Decrement(ref running);
                return new DicomCEchoResponse(request, DicomStatus.Success);
            },
        };
        using var server = TestServer.Start<ScriptedScp>(script);
        using var peer = await RawPeer.AssociatedAsync(server.Port);
        await peer.SendAsync(Enumerable.Range(1, 50).Select(id => Wire.Pdu(4, Wire.Pdv(1, true, true, Wire.EchoCommand((ushort)id)))));
        for (var id = 1; id <= 50; id++)
        {
            Assert.Equal(id, (await peer.ReadResponseAsync()).RequestId);
        }

        Assert.Equal(1, most);
    }

    [Fact]
    public async Task An_abort_is_heard_while_a_handler_works_and_the_end_waits_for_it()
    {
        var gate = new TaskCompletionSource();
        var script = new Script
        {
            OnEcho = async request =>
            {
                await gate.Task;
                return new DicomCEchoResponse(request, DicomStatus.Success);
            },
        };
        using var server = TestServer.Start<ScriptedScp>(script);
        using var peer = await RawPeer.AssociatedAsync(server.Port);
        await peer.SendEchoAsync(1);
        await peer.SendAsync(Wire.Pdu(7, new byte[4]));
        await Eventually.TrueAsync(() => script.Events.Any(name => name.StartsWith("abort", StringComparison.Ordinal)));
        Assert.DoesNotContain("closed", script.Events);
        gate.SetResult();

        await script.ClosedAsync();
        await peer.ExpectClosedAsync();
    }

    [Fact]
    public async Task A_release_waits_for_the_request_under_way()
    {
        var gate = new TaskCompletionSource();
        var script = new Script
        {
            OnEcho = async request =>
            {
                await gate.Task;
                return new DicomCEchoResponse(request, DicomStatus.Success);
            },
        };
        using var server = TestServer.Start<ScriptedScp>(script);
        using var peer = await RawPeer.AssociatedAsync(server.Port);
        await peer.SendEchoAsync(1);
        await peer.SendAsync(Wire.Pdu(5, new byte[4]));
        gate.SetResult();

        Assert.Equal(1, (await peer.ReadResponseAsync()).RequestId);
        await peer.ReadAsync(6);
    }

    [Fact]
    public async Task After_a_release_response_nothing_is_answered_any_more()
    {
        using var server = TestServer.Start<ScriptedScp>(new Script());
        using var peer = await RawPeer.AssociatedAsync(server.Port);
        await peer.SendAsync(Wire.Pdu(5, new byte[4]));
        await peer.ReadAsync(6);
        await peer.SendEchoAsync(1);
        await peer.SendAsync(Wire.Pdu(5, new byte[4]));
        server.Stop();

        await peer.ExpectClosedAsync();
    }

    [Fact]
    public async Task A_data_set_beyond_the_limit_is_refused_and_the_association_lives()
    {
        var script = new Script { Negotiate = Script.AcceptAll };
        using var server = TestServer.Start<NormalizedScp>(script);
        using var peer = await RawPeer.AssociatedForAsync(server.Port, Wire.StorageCommitment);
        await peer.SendDataAsync(Wire.Pdv(1, true, true, Wire.ActionCommand(1, Wire.StorageCommitmentInstance)));
        var part = new byte[250_000];
        for (var sent = 0; sent < 17 * 1024 * 1024; sent += part.Length)
        {
            await peer.SendDataAsync(Wire.Pdv(1, false, false, part));
        }

        await peer.SendDataAsync(Wire.Pdv(1, false, true, []));
        Assert.Equal(0x0213, (await peer.ReadResponseAsync()).Status);
        Assert.Empty(script.Requests);
    }

    [Fact]
    public async Task A_request_of_the_service_that_is_not_answered_times_out_and_the_association_goes_on()
    {
        var timedOut = new TaskCompletionSource<TimeSpan>();
        var script = new Script
        {
            Negotiate = Script.AcceptAll,
            OnEventDue = (service, action) =>
            {
                service.Options.RequestTimeout = TimeSpan.FromMilliseconds(50);
                var report = new DicomNEventReportRequest(action.SOPClassUID!, action.SOPInstanceUID!, 1);
                report.OnTimeout += (_, e) => timedOut.TrySetResult(e.Timeout);
                report.OnResponseReceived += (_, _) => timedOut.TrySetException(new InvalidOperationException("too late"));
                return service.SendRequestAsync(report);
            },
        };
        using var server = TestServer.Start<NormalizedScp>(script);
        using var peer = await RawPeer.AssociatedForAsync(server.Port, Wire.StorageCommitment);
        await peer.SendDataAsync(
            Wire.Pdv(1, true, true, Wire.ActionCommand(7, Wire.StorageCommitmentInstance)),
            Wire.Pdv(1, false, true, Wire.DataElement(0x0008, 0x1195, Wire.Uid("1.2.3"))));
        await peer.ReadResponseAsync();
        var report = await peer.ReadCommandAsync();
        Assert.Equal(TimeSpan.FromMilliseconds(50), await timedOut.Task.WaitAsync(TimeSpan.FromSeconds(20)));
        await peer.SendAsync(RawListener.Response(1, report[0x0110], 0x0100));
        await peer.SendDataAsync(
            Wire.Pdv(1, true, true, Wire.ActionCommand(8, Wire.StorageCommitmentInstance)),
            Wire.Pdv(1, false, true, Wire.DataElement(0x0008, 0x1195, Wire.Uid("1.2.3"))));

        Assert.Equal(8, (await peer.ReadResponseAsync()).RequestId);
    }
}
