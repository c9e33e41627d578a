namespace HSENet.Worker.Demo;

/// <summary>What <c>demo</c> was asked to do.</summary>
/// <param name="Files">The instances to send; null for a chest phantom.</param>
/// <param name="OutputDirectory">Where the five files go.</param>
internal sealed record DemoOptions(IReadOnlyList<string>? Files, string OutputDirectory);
