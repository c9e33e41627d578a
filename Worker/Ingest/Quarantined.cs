namespace HSENet.Worker.Ingest;

/// <summary>A file in the quarantine.</summary>
/// <param name="Name">Inside the folder.</param>
/// <param name="IsNew">False: the same content was there already, and is not kept twice.</param>
internal readonly record struct Quarantined(string Name, bool IsNew);
