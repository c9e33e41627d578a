namespace HSENet.Toolkit.Tests.InTree.Faults;

/// <summary>A mistake that a toolkit could make, as a change to the source of this one.</summary>
/// <param name="Name">What would be wrong, in words.</param>
/// <param name="File">Below Dicom/Toolkit.</param>
/// <param name="Right">Text that the file has exactly once.</param>
/// <param name="Wrong">What stands there instead.</param>
/// <param name="CaughtBy">The class of contract tests that has to notice, below HSENet.Toolkit.Contract.Tests.</param>
internal sealed record SeededFault(string Name, string File, string Right, string Wrong, string CaughtBy)
{
    public override string ToString() => Name;
}
