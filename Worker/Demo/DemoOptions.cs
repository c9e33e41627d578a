namespace HSENet.Worker.Demo;

/// <summary>What <c>demo</c> was asked to do.</summary>
/// <param name="DicomDirectory">A series to send; null for a chest phantom.</param>
/// <param name="OutputDirectory">Where the five files go.</param>
internal sealed record DemoOptions(string? DicomDirectory, string OutputDirectory);
