namespace HSENet.Trainer.Data;

/// <summary>The usable studies of a manifest, by number. May be used by several threads at once.</summary>
internal interface ITrainingData
{
    int Count { get; }

    ManifestItem Item(int index);

    /// <summary>Reads the study, or takes it from the cache; not augmented.</summary>
    /// <exception cref="TrainerException"><c>data.*</c>: names the item.</exception>
    TrainingCase Load(int index);
}
