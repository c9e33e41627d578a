namespace HSENet.Worker.Tests.Settings;

/// <summary>One key of the settings.</summary>
/// <param name="Key">As in a file, below <c>HSENet</c>: <c>Destinations:N:Port</c>.</param>
/// <param name="Type">As somebody writes it.</param>
/// <param name="Unit">Empty where there is none.</param>
/// <param name="Default">What holds when nobody sets it; empty: nothing.</param>
/// <param name="Summary">The comment of the property, as text.</param>
internal sealed record Option(string Key, string Type, string Unit, string Default, string Summary);
