namespace HSENet.Model.Tests.Facade;

/// <summary>Tests that look at counts of the whole process: no other test runs beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection
{
    public const string Name = "alone";
}
