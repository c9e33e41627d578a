using HSENet.EndToEnd.Tests;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(LongestFirst))]

namespace HSENet.EndToEnd.Tests;

/// <summary>The two tests of several minutes begin first, so that the others run beside them and not before them.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] Longest = [typeof(FaultTests).FullName!, typeof(ReadmeTests).FullName!];

    /// <inheritdoc/>
    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. testCollections.OrderByDescending(c => Longest.Any(name => c.TestCollectionDisplayName.Contains(name, StringComparison.Ordinal)))];
}
