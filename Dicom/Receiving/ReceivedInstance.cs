namespace HSENet.Dicom.Receiving;

/// <summary>
/// One instance on its way from the wire into its sink. A failing sink does not disturb the association: the rest of the bytes is discarded and
/// the failure becomes the answer.
/// </summary>
internal sealed class ReceivedInstance : Stream
{
    private readonly IInstanceSink? _sink;
    private readonly Action _onBytes;
    private StoreReply? _failure;
    private Task _abandoning = Task.CompletedTask;
    private long _length;
    private int _isEnded;

    /// <param name="sopInstanceUid">Affected SOP Instance UID of the command, as received.</param>
    /// <param name="sink">Where the bytes go.</param>
    /// <param name="onBytes">Called for each piece received.</param>
    public ReceivedInstance(string sopInstanceUid, IInstanceSink sink, Action onBytes)
    {
        SopInstanceUid = sopInstanceUid;
        _sink = sink;
        _onBytes = onBytes;
    }

    /// <param name="sopInstanceUid">Affected SOP Instance UID of the command, as received.</param>
    /// <param name="answer">Clear before the bytes come; they are discarded.</param>
    /// <param name="onBytes">Called for each piece received.</param>
    public ReceivedInstance(string sopInstanceUid, StoreReply answer, Action onBytes)
    {
        SopInstanceUid = sopInstanceUid;
        _failure = answer;
        _onBytes = onBytes;
    }

    public string SopInstanceUid { get; }

    /// <summary>The command names no instance: its bytes may be kept, but that is never a success.</summary>
    public bool IsInvalid { get; init; }

    /// <summary>Bytes; a longer one is refused, whatever room there is.</summary>
    public long LargestLength { get; init; } = long.MaxValue;

    /// <summary>The sink has heard of the end, and tells of a failure itself.</summary>
    public bool IsToldBySink { get; private set; }

    /// <summary>The first exception of the sink, for the log.</summary>
    public Exception? Exception { get; private set; }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (!MayWrite(buffer.Length))
            return;
        try
        {
            _sink!.Stream.Write(buffer);
        }
        catch (Exception e)
        {
            Fail(e);
        }
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!MayWrite(buffer.Length))
            return;
        try
        {
            await _sink!.Stream.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            Fail(e);
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>All bytes have arrived: lets the sink make them durable and returns the answer. Then the sink is disposed of.</summary>
    public async ValueTask<StoreReply> CompleteAsync(CancellationToken cancellationToken)
    {
        var answer = _failure;
        if (Interlocked.Exchange(ref _isEnded, 1) == 1)
            await _abandoning.ConfigureAwait(false);
        else if (_sink is not null)
            answer = await CompleteSinkAsync(_sink, answer, cancellationToken).ConfigureAwait(false);
        return answer ?? new StoreReply(StoreStatus.ProcessingFailure);
    }

    /// <summary>The rest will not come: the sink is disposed of and drops what it has.</summary>
    public async ValueTask AbandonAsync()
    {
        if (Interlocked.Exchange(ref _isEnded, 1) == 0 && _sink is not null)
            await DisposeSinkAsync(_sink).ConfigureAwait(false);
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private bool MayWrite(int count)
    {
        _onBytes();
        if (_failure is not null || Volatile.Read(ref _isEnded) == 1)
            return false;
        _length += count;
        if (_length <= LargestLength)
            return true;
        _failure = new StoreReply(StoreStatus.OutOfResources, $"the instance has more than {LargestLength} bytes");
        _abandoning = AbandonAsync().AsTask(); // now, not when the rest of it has come
        return false;
    }

    private async ValueTask<StoreReply?> CompleteSinkAsync(IInstanceSink sink, StoreReply? answer, CancellationToken cancellationToken)
    {
        try
        {
            IsToldBySink = answer is null;
            var reply = answer ?? await sink.CompleteAsync(cancellationToken).ConfigureAwait(false);
            return IsInvalid && reply.Status == 0
                ? new StoreReply(StoreStatus.InvalidInstance, "Affected SOP Class or Instance UID is no UID")
                : reply;
        }
        catch (Exception e)
        {
            Fail(e);
            return _failure;
        }
        finally
        {
            await DisposeSinkAsync(sink).ConfigureAwait(false);
        }
    }

    private async ValueTask DisposeSinkAsync(IInstanceSink sink)
    {
        try
        {
            await sink.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            Exception ??= e;
        }
    }

    private void Fail(Exception exception)
    {
        Exception ??= exception;
        _failure ??= StoreStatus.Of(exception);
        _abandoning = AbandonAsync().AsTask(); // what is written so far is given back at once
    }
}
