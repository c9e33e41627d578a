namespace HSENet.Trainer.Training.Records;

/// <summary>One time that a run was started.</summary>
/// <param name="Start">When.</param>
/// <param name="End">Null: it goes on, or ended without a word.</param>
/// <param name="Outcome"><c>running</c>, <c>finished</c>, <c>stopped</c> or the code of an error.</param>
/// <param name="Step">Steps done at its end.</param>
internal sealed record RunStart(DateTimeOffset Start, DateTimeOffset? End, string Outcome, long Step);
