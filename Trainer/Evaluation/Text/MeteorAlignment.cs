namespace HSENet.Trainer.Evaluation.Text;

/// <summary>Which words of a candidate were found in the reference.</summary>
/// <param name="Matches">Indices, candidate ascending.</param>
/// <param name="ChunkCount">Runs of matches that are neighbours on both sides.</param>
internal sealed record MeteorAlignment(IReadOnlyList<(int Candidate, int Reference)> Matches, int ChunkCount);
