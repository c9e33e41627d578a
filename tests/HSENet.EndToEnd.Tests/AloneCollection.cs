namespace HSENet.EndToEnd.Tests;

/// <summary>Tests of how soon the service answers: beside others they would measure those.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public static class AloneCollection
{
    public const string Name = "alone";
}
