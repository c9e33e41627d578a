using System.Net;
using System.Net.Sockets;

namespace HSENet.Toolkit.Contract.Tests.Network;

/// <summary>An acceptor that speaks bytes.</summary>
internal sealed class RawListener : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public RawListener()
    {
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _socket.Listen();
    }

    public int Port => ((IPEndPoint)_socket.LocalEndPoint!).Port;

    public async Task<RawPeer> AcceptAsync()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        return new RawPeer(await _socket.AcceptAsync(deadline.Token));
    }

    /// <summary>Accepts a connection and, with the given maximum length, every context in its first syntax. Returns the request too.</summary>
    public async Task<(RawPeer Peer, byte[] Request)> AssociateAsync(uint maximumLength = 0, byte result = 0)
    {
        var peer = await AcceptAsync();
        var request = await peer.ReadAsync(1);
        await peer.SendAsync(Accept(request, maximumLength, result));
        return (peer, request);
    }

    public static byte[] Accept(byte[] request, uint maximumLength, byte result = 0, params IEnumerable<byte[]> userItems) => Wire.Pdu(
        2,
        Wire.Big16(1), new byte[2], request[4..36], new byte[32], Wire.Item(0x10, Wire.Ascii(Wire.ApplicationContext)),
        Wire.Concat(Proposed(request).Select(c => Wire.Item(0x21, [c.Id, 0, result, 0], Wire.Item(0x40, Wire.Ascii(c.Syntaxes[0]))))),
        Wire.UserInformation(maximumLength, userItems));

    public static IReadOnlyList<(byte Id, string AbstractSyntax, string[] Syntaxes)> Proposed(byte[] request) =>
        [.. RawPeer.Items(request.AsSpan(68)).Where(i => i.Type == 0x20).Select(i =>
        {
            var parts = RawPeer.Items(i.Body.AsSpan(4));
            return (
                i.Body[0],
                System.Text.Encoding.ASCII.GetString(parts.Single(p => p.Type == 0x30).Body),
                parts.Where(p => p.Type == 0x40).Select(p => System.Text.Encoding.ASCII.GetString(p.Body)).ToArray());
        })];

    public static byte[] Response(byte context, byte[] messageId, ushort field, ushort status = 0) => Wire.Pdu(4, Wire.Pdv(context, true, true, Wire.Command(
        Wire.Element(0x0100, Wire.Little16((ushort)(field | 0x8000))),
        Wire.Element(0x0120, messageId),
        Wire.Element(0x0800, Wire.Little16(0x0101)),
        Wire.Element(0x0900, Wire.Little16(status)))));

    public void Dispose() => _socket.Dispose();
}
