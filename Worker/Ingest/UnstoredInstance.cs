namespace HSENet.Worker.Ingest;

/// <summary>An instance that an association offered, that broke off or was answered with a failure, and that has not come since.</summary>
/// <param name="SopInstanceUid">As its command says; empty where that is no UID.</param>
/// <param name="IsRefused">Refused for what it is; else it broke off, or its sender was asked to come back later.</param>
/// <param name="SeriesKey">Of its series; null: its beginning does not tell.</param>
internal sealed record UnstoredInstance(string SopInstanceUid, bool IsRefused, Guid? SeriesKey);
