namespace HSENet.Worker.Inference;

/// <summary>Message: a job may wait to be run. A wake-up only; the job table is the truth, so it may be lost or doubled.</summary>
public sealed record RunJob(Guid JobId);
