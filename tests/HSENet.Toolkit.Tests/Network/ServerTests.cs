using System.Net;
using System.Net.Sockets;
using System.Text;
using FellowOakDicom;
using FellowOakDicom.Imaging.Codec;
using FellowOakDicom.Memory;
using FellowOakDicom.Network;
using FellowOakDicom.Network.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace HSENet.Toolkit.Tests.Network;

/// <summary>Servers: ports, lifetimes, timers, what services are made of.</summary>
public sealed class ServerTests
{
    [Fact]
    public void Port_0_takes_a_free_port_and_tells_which()
    {
        using var server = DicomServerFactory.Create<ScriptedScp>(0, userState: new Script());

        Assert.InRange(server.Port, 1, 65535);
        Assert.True(server.IsListening);
        Assert.Null(server.Exception);
        Assert.Equal("0.0.0.0", server.IPAddress);
        Assert.Same(server, server.Registration.DicomServer);
    }

    [Fact]
    public async Task A_server_on_one_address_listens_there_only()
    {
        using var server = DicomServerFactory.Create<ScriptedScp>("127.0.0.2", 0, userState: new Script());
        Assert.Equal("127.0.0.2", server.IPAddress);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Parse("127.0.0.2"), server.Port);

        await Assert.ThrowsAsync<SocketException>(() => RawPeer.ConnectAsync(server.Port));
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("not an address")]
    public async Task A_server_that_cannot_listen_says_why(string address)
    {
        using var first = TestServer.Start<ScriptedScp>(new Script());
        using var second = DicomServerFactory.Create<ScriptedScp>(address, first.Port, userState: new Script());

        Assert.False(second.IsListening);
        Assert.NotNull(second.Exception);
        await second.Registration.Task;
    }

    [Fact]
    public async Task Stop_aborts_running_associations_and_the_registration_ends()
    {
        var script = new Script();
        using var server = TestServer.Start<ScriptedScp>(script);
        using var peer = await RawPeer.AssociatedAsync(server.Port);
        server.Stop();
        server.Stop();

        await peer.ExpectAbortAsync(2, 0);
        Assert.NotNull(await script.ClosedAsync());
        await server.Registration.Task.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.False(server.IsListening);
        await Assert.ThrowsAsync<SocketException>(() => RawPeer.ConnectAsync(server.Port));
    }

    [Fact]
    public async Task Disposing_the_registration_stops_the_server_after_the_running_handler_has_answered()
    {
        var entered = new TaskCompletionSource();
        var leave = new TaskCompletionSource();
        var script = new Script
        {
            OnEcho = async request =>
            {
                entered.SetResult();
                await leave.Task;
                return new DicomCEchoResponse(request, DicomStatus.Success);
            },
        };
        using var server = TestServer.Start<ScriptedScp>(script);
        using var peer = await RawPeer.AssociatedAsync(server.Port);
        await peer.SendEchoAsync(1);
        await entered.Task;
        server.Registration.Dispose();
        leave.SetResult();

        Assert.Equal(0, (await peer.ReadResponseAsync()).Status);
        await peer.ExpectAbortAsync(2, 0);
    }

    [Fact]
    public async Task Associations_are_served_side_by_side()
    {
        var both = new TaskCompletionSource();
        var inside = 0;
        var script = new Script
        {
            OnEcho = async request =>
            {
                if (Interlocked.Increment(ref inside) == 2)
                {
                    both.SetResult();
                }

                await both.Task;
                return new DicomCEchoResponse(request, DicomStatus.Success);
            },
        };
        using var server = TestServer.Start<ScriptedScp>(script);
        using var first = await RawPeer.AssociatedAsync(server.Port);
        using var second = await RawPeer.AssociatedAsync(server.Port);
        await first.SendEchoAsync(1);
        await second.SendEchoAsync(2);

        Assert.Equal(1, (await first.ReadResponseAsync()).RequestId);
        Assert.Equal(2, (await second.ReadResponseAsync()).RequestId);
    }

    [Fact]
    public async Task A_service_has_its_association_options_logger_state_and_dependencies()
    {
        var seen = new TaskCompletionSource<ScriptedScp>();
        var script = new Script();
        script.Answer = (scp, association) =>
        {
            seen.SetResult(scp);
            return scp.AcceptAsync(association);
        };
        var logger = NullLogger.Instance;
        using var server = DicomServerFactory.Create<ScriptedScp>("127.0.0.1", 0, null, Encoding.Latin1, logger, script);
        Assert.Same(logger, server.Logger);
        using var peer = await RawPeer.AssociatedAsync(server.Port);
        var scp = await seen.Task;

        Assert.Same(script, scp.UserState);
        Assert.Same(logger, scp.Logger);
        Assert.True(scp.IsConnected);
        Assert.Equal("CALLING", scp.Association?.CallingAE);
        Assert.Equal(262144u, scp.Options.MaxPDULength);
        Assert.Equal(Environment.MachineName, scp.Dependencies.NetworkManager.MachineName);
        Assert.False(scp.Dependencies.TranscoderManager.HasCodec(DicomTransferSyntax.RLELossless));
        Assert.NotNull(scp.Dependencies.LoggerFactory);
        using var memory = scp.Dependencies.MemoryProvider.Provide(100);
        Assert.Equal((100, 100), (memory.Length, memory.Memory.Length));
        Assert.Equal(("127.0.0.1", "127.0.0.1"), (scp.Connection.RemoteHost, scp.Connection.LocalHost));
        Assert.Equal((server.Port, scp.Association!.RemotePort), (scp.Connection.LocalPort, scp.Connection.RemotePort));
        Assert.True(scp.Connection.AsStream().CanWrite);
        peer.Dispose();
        await script.ClosedAsync();
        Assert.False(scp.IsConnected);
        Assert.True(await script.Disposed.Task.WaitAsync(TimeSpan.FromSeconds(20)));
        scp.Dispose();
    }

    [Fact]
    public async Task A_service_and_its_server_take_other_loggers_options_and_state()
    {
        var seen = new TaskCompletionSource<ScriptedScp>();
        var script = new Script();
        script.Answer = (scp, association) =>
        {
            scp.Logger = NullLogger.Instance;
            scp.Options = new DicomServiceOptions { MaxPDULength = 20000 };
            seen.SetResult(scp);
            return scp.AcceptAsync(association);
        };
        using var services = new ServiceCollection().AddFellowOakDicom().BuildServiceProvider();
        using var server = services.GetRequiredService<IDicomServerFactory>().Create<ScriptedScp>(0, userState: script);
        server.Logger = NullLogger.Instance;
        var registration = server.Registration;
        server.Registration = registration;
        using var peer = await RawPeer.ConnectAsync(server.Port);
        await peer.SendAsync(Wire.AssociateRequest(Wire.Context(1, Wire.Verification, Wire.ImplicitLittle), Wire.UserInformation(0)));

        Assert.Equal(Wire.Big32(20000), RawPeer.UserInformation(await peer.ReadAsync(2)).Single(i => i.Type == 0x51).Body);
        var scp = await seen.Task;
        scp.UserState = script;
        Assert.Same(NullLogger.Instance, scp.Logger);
    }

    [Fact]
    public async Task A_service_may_send_requests_of_its_own()
    {
        var answer = new TaskCompletionSource<DicomStatus>();
        var script = new Script();
        script.Answer = async (scp, association) =>
        {
            await scp.AcceptAsync(association);
            await scp.SendRequestAsync(new DicomCEchoRequest { OnResponseReceived = (_, response) => answer.SetResult(response.Status) });
        };
        using var server = TestServer.Start<ScriptedScp>(script);
        using var peer = await RawPeer.AssociatedAsync(server.Port);
        var request = Wire.ReadCommand((await peer.ReadAsync(4)).AsSpan(6));
        await peer.SendDataAsync(Wire.Pdv(1, true, true, Wire.Command(
            Wire.Element(0x0100, Wire.Little16(0x8030)),
            Wire.Element(0x0120, request[0x0110]),
            Wire.Element(0x0800, Wire.Little16(0x0101)),
            Wire.Element(0x0900, Wire.Little16(0)))));

        Assert.Equal(DicomStatus.Success, await answer.Task.WaitAsync(TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public async Task A_handler_may_answer_by_itself_through_the_service()
    {
        var script = new Script();
        script.Answer = async (scp, association) =>
        {
            script.OnEcho = async request =>
            {
                await scp.RespondAsync(new DicomCEchoResponse(request, DicomStatus.Pending));
                return new DicomCEchoResponse(request, DicomStatus.Success);
            };
            await scp.AcceptAsync(association);
        };
        using var server = TestServer.Start<ScriptedScp>(script);
        using var peer = await RawPeer.AssociatedAsync(server.Port);
        await peer.SendEchoAsync(1);

        Assert.Equal(0xFF00, (await peer.ReadResponseAsync()).Status);
        Assert.Equal(0, (await peer.ReadResponseAsync()).Status);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(100)]
    public async Task A_connection_without_a_complete_request_is_closed_after_30_seconds(int bytesSent)
    {
        var time = new ManualTime();
        var script = new Script();
        using var server = WithTime(time, script);
        using var peer = await RawPeer.ConnectAsync(server.Port);
        var request = Wire.AssociateRequest(Wire.Context(1, Wire.Verification, Wire.ImplicitLittle), Wire.UserInformation(0));
        await peer.SendAsync(request[..bytesSent]);
        var closed = script.ClosedAsync();
        time.Advance(TimeSpan.FromSeconds(29));
        Assert.False(closed.IsCompleted);

        Assert.NotNull(await PassUntilAsync(time, closed));
        await peer.ExpectClosedAsync();
    }

    [Fact]
    public async Task A_silent_association_is_aborted()
    {
        var time = new ManualTime();
        var script = new Script();
        using var server = WithTime(time, script);
        using var peer = await RawPeer.AssociatedAsync(server.Port);
        await peer.SendAsync([4, 0, 0, 0]);

        Assert.NotNull(await PassUntilAsync(time, script.ClosedAsync()));
        await peer.ExpectAbortAsync(2, 0);
    }

    [Fact]
    public async Task A_peer_that_does_not_close_after_a_release_is_closed()
    {
        var time = new ManualTime();
        var script = new Script();
        using var server = WithTime(time, script);
        using var peer = await RawPeer.AssociatedAsync(server.Port);
        await peer.SendAsync(Wire.Pdu(5, new byte[4]));
        await peer.ReadAsync(6);

        Assert.Null(await PassUntilAsync(time, script.ClosedAsync()));
        await peer.ExpectClosedAsync();
    }

    [Fact]
    public async Task A_peer_that_takes_no_response_is_given_up()
    {
        var time = new ManualTime();
        var script = new Script();
        using var server = WithTime(time, script);
        using var peer = await RawPeer.AssociatedAsync(server.Port);
        var flood = Task.Run(async () =>
        {
            try
            {
                for (ushort id = 1; ; id++)
                {
                    await peer.SendDataAsync(Enumerable.Range(0, 100).Select(_ => Wire.Pdv(1, true, true, Wire.EchoCommand(id))));
                }
            }
            catch (IOException)
            {
                return;
            }
        });

        Assert.NotNull(await PassUntilAsync(time, script.ClosedAsync()));
        await flood;
    }

    [Fact]
    public void Set_up_registers_what_others_replace()
    {
        using var services = new ServiceCollection().AddFellowOakDicom().BuildServiceProvider();

        Assert.NotNull(services.GetRequiredService<IDicomServerFactory>());
        Assert.NotNull(services.GetRequiredService<IDicomClientFactory>());
        Assert.IsType<ArrayPoolMemoryProvider>(services.GetRequiredService<IMemoryProvider>());
        var own = new DicomServiceDependencies(
            services.GetRequiredService<ILoggerFactory>(),
            services.GetRequiredService<INetworkManager>(),
            services.GetRequiredService<ITranscoderManager>(),
            new ArrayPoolMemoryProvider());
        using var other = new ServiceCollection().AddSingleton(own).AddFellowOakDicom().BuildServiceProvider();
        Assert.Same(own, other.GetRequiredService<DicomServiceDependencies>());
    }

    private static IDicomServer WithTime(ManualTime time, Script script)
    {
        var services = new ServiceCollection().AddSingleton<TimeProvider>(time).AddFellowOakDicom().BuildServiceProvider();
        return services.GetRequiredService<IDicomServerFactory>().Create<ScriptedScp>("127.0.0.1", 0, userState: script);
    }

    private static async Task<T> PassUntilAsync<T>(ManualTime time, Task<T> task)
    {
        await Eventually.TrueAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(10));
            return task.IsCompleted;
        });
        return await task;
    }
}
