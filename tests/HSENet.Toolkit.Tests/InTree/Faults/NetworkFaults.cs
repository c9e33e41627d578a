namespace HSENet.Toolkit.Tests.InTree.Faults;

internal static class NetworkFaults
{
    internal static readonly SeededFault[] All = [];
}
