using System.Threading.Channels;
using HSENet.Trainer.Training;

namespace HSENet.Trainer.Data.Loading;

/// <summary>
/// Batches that are read and augmented by several tasks ahead of the network, in an order that depends on seed and epoch alone. An item that cannot
/// be read is left out of its batch and told; no other takes its place.
/// </summary>
internal sealed class BatchLoader : IBatchSource
{
    private readonly ITrainingData _data;
    private readonly BatchLoaderOptions _options;
    private readonly Func<TrainingCase, Random, TrainingCase>? _augment;

    /// <param name="data">The studies.</param>
    /// <param name="options">Batches, seed, workers, share.</param>
    /// <param name="augment">Done to a study in an epoch, with draws of seed, epoch and study; null: nothing.</param>
    /// <exception cref="TrainerException"><c>settings.range</c>; <c>data.few</c>: there is no whole batch.</exception>
    public BatchLoader(ITrainingData data, BatchLoaderOptions options, Func<TrainingCase, Random, TrainingCase>? augment = null)
    {
        (_data, _options, _augment) = (data, options.Validated(), augment);
        if (BatchesPerEpoch == 0)
        {
            throw new TrainerException("data.few", $"{data.Count} studies do not fill a batch of {options.Batch}.");
        }
    }

    public int BatchesPerEpoch => (_data.Count / _options.Batch) + (_options.KeepsLast && _data.Count % _options.Batch >= _options.Ranks ? 1 : 0);

    public IEnumerable<TrainingBatch> Epoch(int epoch, int first, CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var ordered = Channel.CreateBounded<Slot>(new BoundedChannelOptions(_options.Ahead * _options.Batch / _options.Ranks) { SingleReader = true, SingleWriter = true });
        var work = Channel.CreateUnbounded<Slot>(new() { SingleWriter = true });
        _ = Task.Run(() => PlanAsync(epoch, first, ordered.Writer, work.Writer, ended.Token), CancellationToken.None);
        for (var i = 0; i < _options.Workers; i++)
        {
            _ = Task.Run(() => WorkAsync(epoch, work.Reader, ended.Token), CancellationToken.None);
        }

        try
        {
            for (var batch = first; batch < BatchesPerEpoch; batch++)
            {
                yield return TakeAsync(ordered.Reader, Share(batch).Count, ended.Token).GetAwaiter().GetResult();
            }
        }
        finally
        {
            ended.Cancel();   // a study that is being read ends on its own; nobody waits for it
        }
    }

    private static async Task<TrainingBatch> TakeAsync(ChannelReader<Slot> slots, int count, CancellationToken cancellationToken)
    {
        var (cases, bad) = (new List<TrainingCase>(count), new List<BadItem>());
        for (var i = 0; i < count; i++)
        {
            var slot = await slots.ReadAsync(cancellationToken).ConfigureAwait(false);
            var (read, fault) = await slot.Read.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
            if (read is not null)
            {
                cases.Add(read);
            }

            if (fault is not null)
            {
                bad.Add(fault);
            }
        }

        return new TrainingBatch(cases, bad);
    }

    /// <summary>Where the share of this process lies in the epoch's order.</summary>
    private (int Start, int Count) Share(int batch)
    {
        var start = batch * _options.Batch;
        var count = Math.Min(_options.Batch, _data.Count - start) / _options.Ranks;
        return (start + (_options.Rank * count), count);
    }

    private async Task PlanAsync(int epoch, int first, ChannelWriter<Slot> ordered, ChannelWriter<Slot> work, CancellationToken cancellationToken)
    {
        var order = _options.Shuffles ? BatchOrder.Shuffle(_data.Count, _options.Seed, epoch) : [.. Enumerable.Range(0, _data.Count)];
        try
        {
            for (var batch = first; batch < BatchesPerEpoch; batch++)
            {
                var (start, count) = Share(batch);
                foreach (var index in order.AsMemory(start, count).ToArray())
                {
                    var slot = new Slot(index, new(TaskCreationOptions.RunContinuationsAsynchronously));
                    await ordered.WriteAsync(slot, cancellationToken).ConfigureAwait(false);
                    await work.WriteAsync(slot, cancellationToken).ConfigureAwait(false);
                }
            }
        }
        catch (Exception e)
        {
            ordered.TryComplete(e);   // whoever waits for a slot is told
        }
        finally
        {
            work.TryComplete();
        }
    }

    private async Task WorkAsync(int epoch, ChannelReader<Slot> work, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested && await work.WaitToReadAsync(CancellationToken.None).ConfigureAwait(false))
        {
            while (!cancellationToken.IsCancellationRequested && work.TryRead(out var slot))
            {
                Fill(slot, epoch);
            }
        }
    }

    private void Fill(Slot slot, int epoch)
    {
        try
        {
            var read = _data.Load(slot.Index);
            slot.Read.SetResult((_augment is null ? read : _augment(read, Draws.ForItem(_options.Seed, epoch, slot.Index)), null));
        }
        catch (TrainerException e)
        {
            slot.Read.SetResult((null, new(_data.Item(slot.Index).Id, e.Code, e.Message)));
        }
        catch (Exception e)
        {
            slot.Read.SetException(e);
        }
    }

    private sealed record Slot(int Index, TaskCompletionSource<(TrainingCase? Case, BadItem? Bad)> Read);
}
