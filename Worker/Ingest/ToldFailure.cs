namespace HSENet.Worker.Ingest;

/// <summary>A peer turned away to tell of, and how many of its kind went before it untold.</summary>
internal sealed record ToldFailure(Turned Failure, int Untold);
