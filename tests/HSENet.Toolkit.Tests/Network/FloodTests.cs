using System.Net;
using System.Net.Sockets;
using FellowOakDicom.Network;

namespace HSENet.Toolkit.Tests.Network;

/// <summary>Connections that never ask for an association.</summary>
public sealed class FloodTests
{
    /// <summary>What one address may hold without an association.</summary>
    private const int PerAddress = 128;

    [Fact]
    public async Task Silent_connections_beyond_the_limit_are_closed_at_once_and_keep_nobody_out()
    {
        // an association of before the flood takes no newcomer's place and goes on
        using var server = TestServer.Start<ScriptedScp>(new Script());
        using var before = await RawPeer.AssociatedAsync(server.Port);
        using var flood = new Flood();
        await flood.AddAsync("127.0.0.1", server.Port, PerAddress + 40);

        await Eventually.TrueAsync(() => flood.Closed == 40);
        await EchoAsync(before);
        await EchoFromAsync("127.0.0.2", server.Port);
        Assert.Equal(40, flood.Closed);

        // once they are gone their address may come again
        flood.Dispose();
        await Eventually.TrueAsync(async () => await Record.ExceptionAsync(() => EchoFromAsync("127.0.0.1", server.Port)) is null);
    }

    [Fact]
    public async Task Many_addresses_together_are_limited_too_and_one_that_holds_nothing_finds_a_place()
    {
        using var server = TestServer.Start<ScriptedScp>(new Script());
        using var flood = new Flood();
        for (var address = 1; address <= 5; address++)
        {
            await flood.AddAsync($"127.0.0.{address}", server.Port, PerAddress);
        }

        await Eventually.TrueAsync(() => flood.Closed >= PerAddress);
        await EchoFromAsync("127.0.0.9", server.Port);
    }

    [Fact]
    public async Task Associations_are_no_newcomers_and_those_that_were_rejected_stay_it()
    {
        using var server = TestServer.Start<ScriptedScp>(new Script(), configure: o => o.MaxClientsAllowed = PerAddress + 20);
        var peers = new List<RawPeer>();
        using var flood = new Flood();
        try
        {
            for (var i = 0; i < PerAddress + 20; i++)
            {
                peers.Add(await RawPeer.AssociatedAsync(server.Port));
            }

            // rejected, and not closed by their side: they count as before
            for (var i = 0; i < 10; i++)
            {
                peers.Add(await RawPeer.ConnectAsync(server.Port));
                await peers[^1].SendAsync(Wire.AssociateRequest(Wire.Context(1, Wire.Verification, Wire.ImplicitLittle), Wire.UserInformation(0)));
                await peers[^1].ReadAsync(3);
            }

            await flood.AddAsync("127.0.0.1", server.Port, PerAddress);
            await Eventually.TrueAsync(() => flood.Closed == 10);
            await EchoAsync(peers[0]);
        }
        finally
        {
            peers.ForEach(p => p.Dispose());
        }
    }

    [Fact]
    public async Task Those_that_were_rejected_for_what_they_are_take_no_place()
    {
        var script = new Script
        {
            Answer = (service, association) => association.CallingAE == "STRANGER"
                ? service.RejectAsync(DicomRejectResult.Permanent, DicomRejectSource.ServiceUser, DicomRejectReason.CallingAENotRecognized)
                : service.AcceptAsync(association),
        };
        using var server = TestServer.Start<ScriptedScp>(script, configure: o => o.MaxClientsAllowed = 2);
        var strangers = new List<RawPeer>();
        try
        {
            for (var i = 0; i < 4; i++)
            {
                strangers.Add(await RawPeer.ConnectAsync(server.Port));
                await strangers[^1].SendAsync(Wire.Pdu(1, Wire.RequestBody(
                    [Wire.Context(1, Wire.Verification, Wire.ImplicitLittle), Wire.UserInformation(0)], calling: "STRANGER")));
                await strangers[^1].ReadAsync(3);
            }

            await EchoFromAsync("127.0.0.1", server.Port);
        }
        finally
        {
            strangers.ForEach(p => p.Dispose());
        }
    }

    private static async Task EchoFromAsync(string address, int port)
    {
        using var peer = new RawPeer(await Flood.ConnectAsync(address, port));
        await peer.SendAsync(Wire.AssociateRequest(Wire.Context(1, Wire.Verification, Wire.ImplicitLittle), Wire.UserInformation(0)));
        await peer.ReadAsync(2);
        await EchoAsync(peer);
    }

    private static async Task EchoAsync(RawPeer peer)
    {
        await peer.SendEchoAsync(1);
        Assert.Equal(0, (await peer.ReadResponseAsync()).Status);
    }

    private sealed class Flood : IDisposable
    {
        private readonly List<Socket> _sockets = [];

        /// <summary>Nothing is ever sent to them, so what can be read is the end.</summary>
        public int Closed => _sockets.Count(s => s.Poll(0, SelectMode.SelectRead));

        public static async Task<Socket> ConnectAsync(string from, int port)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
            await socket.ConnectAsync(IPAddress.Loopback, port);
            return socket;
        }

        public async Task AddAsync(string from, int port, int count)
        {
            for (var i = 0; i < count; i++)
            {
                _sockets.Add(await ConnectAsync(from, port));
            }
        }

        public void Dispose()
        {
            _sockets.ForEach(s => s.Dispose());
            _sockets.Clear();
        }
    }
}
