namespace HSENet.Trainer.Training;

/// <summary>The batches of a run. Which studies form which batch depends on seed and epoch alone.</summary>
internal interface IBatchSource
{
    /// <summary>Whole batches of one epoch.</summary>
    int BatchesPerEpoch { get; }

    /// <summary>The batches of an epoch, read ahead. Ending the enumeration ends the reading.</summary>
    /// <param name="epoch">From 0.</param>
    /// <param name="first">Batch to begin with, from 0.</param>
    /// <param name="cancellationToken">Ends the reading at once.</param>
    IEnumerable<TrainingBatch> Epoch(int epoch, int first, CancellationToken cancellationToken);
}
