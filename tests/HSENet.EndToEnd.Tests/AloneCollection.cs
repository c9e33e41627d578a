// a test mostly waits for processes: more of them at once than two cores, and no more than one database server serves
[assembly: CollectionBehavior(MaxParallelThreads = 3)]

namespace HSENet.EndToEnd.Tests;

/// <summary>Tests of how soon the service answers: beside others they would measure those.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public static class AloneCollection
{
    public const string Name = "alone";
}
