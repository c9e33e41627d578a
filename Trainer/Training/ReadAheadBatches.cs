using HSENet.Trainer.Data;

namespace HSENet.Trainer.Training;

/// <summary>
/// Batches read by several threads ahead of the network, in order whatever thread is faster. An item that cannot be read is left out of its batch and told;
/// no other takes its place.
/// </summary>
/// <param name="data">The studies.</param>
/// <param name="settings">Batch, seed, workers.</param>
/// <param name="rank">Which share of each batch, from 0.</param>
/// <param name="ranks">Shares.</param>
/// <param name="augment">What is done to a study in an epoch; null: nothing.</param>
internal sealed class ReadAheadBatches(
    ITrainingData data, TrainingSettings settings, int rank = 0, int ranks = 1, Func<TrainingCase, Random, TrainingCase>? augment = null) : IBatchSource
{
    private const int BatchesAhead = 4;

    public int BatchesPerEpoch => data.Count / settings.Batch;

    public IEnumerable<TrainingBatch> Epoch(int epoch, int first, CancellationToken cancellationToken)
    {
        if (settings.Batch % ranks != 0)
        {
            throw new TrainerException("settings.range", $"training.batch {settings.Batch} cannot be shared equally by {ranks} processes.");
        }

        var order = BatchOrder.Shuffle(data.Count, settings.Seed, epoch);
        var share = settings.Batch / ranks;
        var pending = new Queue<Task<(TrainingCase? Case, BadItem? Bad)>[]>();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var slots = new SemaphoreSlim(settings.Workers);
        var next = first;
        try
        {
            while (next < BatchesPerEpoch || pending.Count > 0)
            {
                for (; next < BatchesPerEpoch && pending.Count < BatchesAhead; next++)
                {
                    pending.Enqueue([.. order.Skip((next * settings.Batch) + (rank * share)).Take(share).Select(index => ReadAsync(index, epoch, slots, ended.Token))]);
                }

                var read = Task.WhenAll(pending.Peek()).GetAwaiter().GetResult();
                pending.Dequeue();
                yield return new TrainingBatch([.. read.Select(item => item.Case).OfType<TrainingCase>()], [.. read.Select(item => item.Bad).OfType<BadItem>()]);
            }
        }
        finally
        {
            ended.Cancel();
            Task.WhenAll(pending.SelectMany(batch => batch).Select(task => task.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default))).GetAwaiter().GetResult();
        }
    }

    private Task<(TrainingCase? Case, BadItem? Bad)> ReadAsync(int index, int epoch, SemaphoreSlim slots, CancellationToken cancellationToken) => Task.Run(
        async () =>
        {
            await slots.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                var read = data.Load(index);
                return (augment is null ? read : augment(read, Draws.ForItem(settings.Seed, epoch, index)), (BadItem?)null);
            }
            catch (TrainerException e)
            {
                return ((TrainingCase?)null, new BadItem(data.Item(index).Id, e.Code, e.Message));
            }
            finally
            {
                slots.Release();
            }
        },
        cancellationToken);
}
