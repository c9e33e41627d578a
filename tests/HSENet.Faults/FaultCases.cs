using HSENet.Faults.Cases;

namespace HSENet.Faults;

/// <summary>All cases.</summary>
internal static class FaultCases
{
    public static IReadOnlyList<FaultCase> All { get; } = [.. ProcessCases.All, .. ServerCases.All, .. QueueCases.All, .. CommitCases.All, .. PacsCases.All, .. DiskCases.All, .. DamageCases.All, .. ClockCases.All, .. RebuildCases.All];

    public static IReadOnlyList<string> Names => [.. All.Select(c => c.Name)];
}
