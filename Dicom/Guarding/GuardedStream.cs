using System.Buffers;
using System.Net.Security;
using HSENet.Dicom.Security;

namespace HSENet.Dicom.Guarding;

/// <summary>
/// A connection between a peer and a toolkit: the toolkit reads what <see cref="IncomingMessages"/> lets through, and what it writes is
/// read along. A peer that breaks the protocol is aborted here; the toolkit sees an abort of the peer. One reader and one writer at a time.
/// </summary>
internal sealed class GuardedStream : Stream
{
    private const int PieceSize = 64 << 10;
    private const int SmallestPiece = 512;
    private const int ManyValues = 8;
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(2);

    private readonly OutputBuffer _output = new();
    private readonly PduFollower _reading;
    private readonly PduFollower _writing;
    private readonly IncomingMessages _incoming;
    private readonly ParseTurn _turn;
    private readonly SemaphoreSlim _oneWriter = new(1, 1);
    private readonly Lock _opening = new();
    private readonly CancellationTokenSource _displaced = new();
    private readonly Stream _raw;
    private Task<Stream>? _opened;
    private volatile Stream? _inner;
    private volatile bool _isOver;
    private int _pieceSize = PieceSize;
    private int _isClosed;

    /// <param name="raw">The connection; owned from here on.</param>
    /// <param name="limits">What the peer may send.</param>
    /// <param name="watch">Of this connection's messages.</param>
    /// <param name="rules">Which messages are wanted.</param>
    public GuardedStream(Stream raw, GuardLimits limits, MessageWatch watch, MessageRules rules)
    {
        _raw = raw;
        Messages = watch;
        _turn = new ParseTurn(limits.Memory);
        _incoming = new IncomingMessages(watch, limits, rules, _output);
        _reading = new PduFollower(_incoming, limits, (uint)limits.MaximumPduLength);
        _writing = new PduFollower(new OutgoingMessages(watch, limits), limits, uint.MaxValue);
    }

    public MessageWatch Messages { get; }

    public Pace Pace { get; } = new();

    /// <summary>A handshake before the first byte. Null: none.</summary>
    public Func<Stream, CancellationToken, Task<Stream>>? Handshake { get; set; }

    /// <summary>The names of the peer's certificate; none without TLS, or when no certificate was asked for.</summary>
    public IReadOnlyList<string> PeerNames => CertificateNames.Of((_inner as SslStream)?.RemoteCertificate);

    /// <summary>Called once, as soon as the connection is known to be gone.</summary>
    public Action? OnClosed { get; set; }

    /// <summary>The connection is refused: it is closed at the first look at it.</summary>
    public bool IsRefused { get; set; }

    /// <summary>Called for each piece that has come.</summary>
    public Action? OnBytes { get; set; }

    /// <summary>Called when the peer breaks the protocol.</summary>
    public Action<GuardFault>? OnFault { get; set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>
    /// Ends the connection, from any thread: for the toolkit its peer has gone. A read that waits is cancelled, for the stream may not own
    /// its socket.
    /// </summary>
    public void Displace()
    {
        _isOver = true;
        _ = _displaced.CancelAsync(); // what waits goes on on a thread of its own, not on the one that accepts
        _raw.Dispose();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty || IsRefused)
            return 0;
        if (_output.IsEmpty)
            _turn.Give(); // the toolkit is done with what it had
        while (_output.IsEmpty)
        {
            if (_isOver)
                return 0;
            await FillAsync(cancellationToken).ConfigureAwait(false);
        }

        if (_incoming.HasLarge)
        {
            await _turn.TakeAsync(cancellationToken).ConfigureAwait(false);
            _incoming.LargeIsTaken();
        }

        return _output.Take(buffer.Span);
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var inner = await OpenAsync(cancellationToken).ConfigureAwait(false);
        await _oneWriter.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_isOver)
                throw new IOException("The connection has ended.");
            _writing.Follow(buffer.Span);
            await inner.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _oneWriter.Release();
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override void Write(byte[] buffer, int offset, int count) => WriteAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override void Flush()
    {
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            End();
            _inner?.Dispose();
            _raw.Dispose();
        }

        base.Dispose(disposing);
    }

    private async Task FillAsync(CancellationToken cancellationToken)
    {
        var piece = ArrayPool<byte>.Shared.Rent(PieceSize);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _displaced.Token);
        try
        {
            if (await TryOpenAsync(ending.Token).ConfigureAwait(false) is not { } inner)
                return;
            await Messages.WaitForRoomAsync(ending.Token).ConfigureAwait(false);
            Pace.BeginWait(_incoming.IsInMessage || !_reading.IsBetweenPdus);
            var reading = inner.ReadAsync(piece.AsMemory(0, _pieceSize), ending.Token);
            if (reading.IsCompleted)
                await Task.Yield(); // a peer that always has something to say does not keep the thread: others have their turn
            var count = await reading.ConfigureAwait(false);
            Pace.EndWait(count);
            if (count == 0)
            {
                _isOver = true;
                End();
                return;
            }

            OnBytes?.Invoke();
            var before = _reading.Count;
            _reading.Follow(piece.AsSpan(0, count));
            SetPieceSize(_reading.Count - before);
        }
        catch (GuardFault fault)
        {
            await AbortAsync(fault).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            End();
            if (!_isOver)
                throw;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }
    }

    /// <summary>
    /// Who is refused, or whose handshake failed, has only gone for the toolkit: whoever refused it has told of it, and a toolkit would log
    /// each failure that it sees.
    /// </summary>
    private async Task<Stream?> TryOpenAsync(CancellationToken cancellationToken)
    {
        if (_inner is { } opened)
            return opened;
        try
        {
            return await OpenAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (IOException)
        {
            _isOver = true;
            End();
            return null;
        }
    }

    /// <summary>A small message costs as much as a large piece of an image: fewer bytes of them in one turn.</summary>
    private void SetPieceSize(long values)
    {
        if (values > ManyValues)
            _pieceSize = Math.Max(SmallestPiece, _pieceSize / 2);
        else if (values < ManyValues / 4)
            _pieceSize = Math.Min(PieceSize, _pieceSize * 2);
    }

    private Task<Stream> OpenAsync(CancellationToken cancellationToken)
    {
        if (IsRefused)
        {
            _raw.Dispose();
            throw new IOException("The connection is refused.");
        }

        lock (_opening)
            return _opened ??= ShakeHandsAsync(cancellationToken);
    }

    private async Task<Stream> ShakeHandsAsync(CancellationToken cancellationToken)
    {
        var inner = Handshake is null ? _raw : await Handshake(_raw, cancellationToken).ConfigureAwait(false);
        _inner = inner;
        return inner;
    }

    /// <summary>
    /// Tells the peer, waits a moment so that it can hear it, and tells the toolkit. Before an association there is nothing to abort.
    /// </summary>
    private async Task AbortAsync(GuardFault fault)
    {
        OnFault?.Invoke(fault);
        _output.Clear();
        _isOver = true;
        var isHeard = await _oneWriter.WaitAsync(LastWords).ConfigureAwait(false); // not by one that reads nothing: a write of ours waits for it
        try
        {
            if (!Messages.Contexts.IsRequested)
                return;
            _output.Write((ReadOnlySpan<byte>)[7, 0, 0, 0, 0, 4, 0, 0, 2, fault.Reason]);
            if (!isHeard)
                return;
            using var limit = new CancellationTokenSource(LastWords);
            var inner = await OpenAsync(limit.Token).ConfigureAwait(false);
            if (_writing.IsBetweenPdus)
                await inner.WriteAsync((byte[])[7, 0, 0, 0, 0, 4, 0, 0, 2, fault.Reason], limit.Token).ConfigureAwait(false);
            await DrainAsync(inner, limit.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            // it has heard it, or it is gone
        }
        finally
        {
            if (isHeard)
                _oneWriter.Release();
            End();
        }
    }

    private static async Task DrainAsync(Stream inner, CancellationToken cancellationToken)
    {
        var rest = new byte[4096];
        while (await inner.ReadAsync(rest, cancellationToken).ConfigureAwait(false) > 0)
        {
        }
    }

    private void End()
    {
        if (Interlocked.Exchange(ref _isClosed, 1) == 1)
            return;
        _turn.End();
        Messages.End();
        OnClosed?.Invoke();
    }
}
