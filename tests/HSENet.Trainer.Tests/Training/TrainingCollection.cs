namespace HSENet.Trainer.Tests.Training;

/// <summary>Tests that train: they share the tensor library's generator and count its tensors, so no other test may run beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public static class TrainingCollection
{
    public const string Name = "training";
}
