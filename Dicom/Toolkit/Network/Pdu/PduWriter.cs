using System.Threading.Channels;

namespace FellowOakDicom.Network.Pdu;

/// <summary>
/// Writes PDUs in the order they come in, from any number of callers. One loop owns the stream's write side, so that nothing locks around a write.
/// </summary>
internal sealed class PduWriter(Stream stream, TimeProvider time, Action onFailure) : IDisposable
{
    private readonly Watchdog _timer = new(time);
    private readonly Channel<Entry> _queue =
        Channel.CreateUnbounded<Entry>(new UnboundedChannelOptions { SingleReader = true, AllowSynchronousContinuations = true });

    private volatile bool _cut;

    private delegate Task Job(PduWriter writer);

    /// <summary>Sends bytes with one write of the stream. Completes when they are handed to the transport.</summary>
    /// <exception cref="DicomNetworkException">The connection is gone.</exception>
    public Task SendAsync(ReadOnlyMemory<byte> bytes) => Enqueue(writer => writer.WriteAsync(bytes, ServiceTimers.Write));

    /// <summary>Sends a message that may take many writes. An abort cuts it off between two of them.</summary>
    public Task SendAsync(Dimse.OutgoingMessage message) => Enqueue(writer => message.WriteAsync(writer.WritePartAsync));

    /// <summary>Sends an A-ABORT as the last PDU.</summary>
    public Task SendLastAsync(ReadOnlyMemory<byte> bytes)
    {
        _cut = true;
        _timer.Start(ServiceTimers.Abort);
        var sent = Enqueue(writer => writer.WriteAsync(bytes, ServiceTimers.Abort), urgent: true);
        Complete();
        return sent;
    }

    /// <summary>Takes no further PDUs; those waiting are still written.</summary>
    public void Complete() => _queue.Writer.TryComplete();

    /// <summary>Writes until <see cref="Complete"/> or the first failure. Does not throw: each caller of a send gets the failure.</summary>
    public async Task RunAsync()
    {
        Exception? failure = null;
        await foreach (var entry in _queue.Reader.ReadAllAsync())
        {
            if (failure is null && (!_cut || entry.IsUrgent))
            {
                failure = await RunAsync(entry);
            }
            else
            {
                entry.Done.TrySetException(Gone(failure));
            }
        }
    }

    public void Dispose() => _timer.Dispose();

    private static DicomNetworkException Gone(Exception? cause) => new("The connection is closed", cause);

    private async Task<Exception?> RunAsync(Entry entry)
    {
        try
        {
            await entry.Job(this);
            entry.Done.TrySetResult();
            return null;
        }
        catch (CutOffException)
        {
            entry.Done.TrySetException(Gone(null));
            return null;
        }
        catch (Exception exception)
        {
            entry.Done.TrySetException(Gone(exception));
            onFailure();
            return exception;
        }
    }

    private Task Enqueue(Job job, bool urgent = false)
    {
        var entry = new Entry(job, urgent, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        return _queue.Writer.TryWrite(entry) ? entry.Done.Task : Task.FromException(Gone(null));
    }

    private Task WritePartAsync(ReadOnlyMemory<byte> bytes) =>
        _cut ? throw new CutOffException() : WriteAsync(bytes, ServiceTimers.Write);

    private async Task WriteAsync(ReadOnlyMemory<byte> bytes, TimeSpan limit)
    {
        _timer.Start(limit);
        await stream.WriteAsync(bytes, _timer.Token);
        _timer.Stop();
    }

    private sealed record Entry(Job Job, bool IsUrgent, TaskCompletionSource Done);

    /// <summary>An abort overtook a message between two of its PDUs.</summary>
    private sealed class CutOffException : Exception;
}
