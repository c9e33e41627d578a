using System.Buffers.Binary;
using HSENet.Dicom.Guarding;
using HSENet.TestKit;

namespace HSENet.Dicom.Tests.Guarding;

/// <summary>A guarded connection whose peer is a script of bytes; what the toolkit would read, and what the peer got.</summary>
internal sealed class GuardWorld : IAsyncDisposable
{
    private readonly GuardedStream _guard;
    private readonly PeerStream _peer;

    private GuardWorld(PeerStream peer, GuardLimits limits, bool isCalled, bool mayAsk)
    {
        _peer = peer;
        Messages = new MessageWatch("127.0.0.1", limits) { OnRefused = Refused.Add };
        MessageRules rules = isCalled ? new MessageRules.OfCalled() : new MessageRules.OfCaller(() => mayAsk);
        _guard = new GuardedStream(peer, limits, Messages, rules) { OnFault = f => Fault = f };
    }

    public MessageWatch Messages { get; }

    public List<RefusedMessage> Refused { get; } = [];

    public GuardFault? Fault { get; private set; }

    public byte[] SentToPeer => [.. _peer.Written];

    /// <summary>An association as acceptor, or as requestor, up to its acceptance.</summary>
    public static async Task<GuardWorld> StartAsync(int pieces = int.MaxValue, GuardLimits? limits = null, bool isCalled = false, bool mayAsk = true)
    {
        var world = new GuardWorld(new PeerStream(pieces), limits ?? GuardLimits.Default, isCalled, mayAsk);
        if (isCalled)
        {
            await world._guard.WriteAsync(Bytes.AssociateRequest());
            Assert.Equal(Bytes.AssociateAccept(), await world.ReadAsync(Bytes.AssociateAccept()));
        }
        else
        {
            Assert.Equal(Bytes.AssociateRequest(), await world.ReadAsync(Bytes.AssociateRequest()));
            await world._guard.WriteAsync(Bytes.AssociateAccept());
        }

        world._peer.Written.Clear();
        return world;
    }

    /// <summary>The toolkit writes.</summary>
    public Task WriteAsync(params byte[][] pdus) => _guard.WriteAsync(pdus.SelectMany(p => p).ToArray()).AsTask();

    /// <summary>The peer sends; returns all that the toolkit gets to read of it.</summary>
    public async Task<byte[]> ReadAsync(params byte[][] pdus)
    {
        _peer.Send([.. pdus.SelectMany(p => p)]);
        var read = new List<byte>();
        var buffer = new byte[10_000];
        using var none = new CancellationTokenSource();
        _peer.OnDry = none.Cancel;
        try
        {
            int count;
            while ((count = await _guard.ReadAsync(buffer, none.Token)) > 0)
                read.AddRange(buffer.AsSpan(0, count));
        }
        catch (OperationCanceledException)
        {
            // the peer says nothing more
        }

        return [.. read];
    }

    /// <summary>The peer sends messages; returns the values that the toolkit gets: whether of a command, whether last, the bytes.</summary>
    public async Task<List<(bool IsCommand, bool IsLast, byte[] Data)>> ReadValuesAsync(params byte[][] pdus)
    {
        var bytes = await ReadAsync(pdus);
        var values = new List<(bool, bool, byte[])>();
        for (var at = 0; at < bytes.Length;)
        {
            Assert.Equal(4, bytes[at]);
            var length = BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(at + 2));
            Assert.Equal(length, BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(at + 6)) + 4); // one value to a PDU
            Assert.InRange(length, 6, GuardLimits.Default.MaximumPduLength);
            values.Add(((bytes[at + 11] & 1) != 0, (bytes[at + 11] & 2) != 0, bytes[(at + 12)..(at + 6 + length)]));
            at += 6 + length;
        }

        return values;
    }

    public ValueTask DisposeAsync() => _guard.DisposeAsync();

    private sealed class PeerStream(int pieces) : Stream
    {
        private readonly Queue<byte[]> _pieces = new();

        public List<byte> Written { get; } = [];

        public Action OnDry { get; set; } = () => { };

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => 0;

        public override long Position { get; set; }

        public void Send(byte[] bytes)
        {
            foreach (var piece in bytes.Chunk(Math.Min(pieces, Math.Max(1, bytes.Length))))
                _pieces.Enqueue(piece);
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (!_pieces.TryDequeue(out var piece))
            {
                OnDry();
                await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            }

            if (piece!.Length > buffer.Length)
            {
                var rest = new Queue<byte[]>([piece[buffer.Length..], .. _pieces]);
                _pieces.Clear();
                while (rest.TryDequeue(out var next))
                    _pieces.Enqueue(next);
                piece = piece[..buffer.Length];
            }

            piece.CopyTo(buffer);
            return piece.Length;
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Written.AddRange(buffer.Span);
            return ValueTask.CompletedTask;
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
