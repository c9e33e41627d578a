namespace HSENet.Trainer.Tests;

/// <summary>Tests that draw from the tensor library's own generator, which all of a process share.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection
{
    public const string Name = "alone";
}
