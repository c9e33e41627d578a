namespace HSENet.Trainer.Evaluation.Entities;

/// <summary>RaTEScore of one pair of reports.</summary>
/// <param name="ReferenceToCandidate">How well the reference's entities are found in the candidate.</param>
/// <param name="CandidateToReference">How well the candidate's entities are found in the reference.</param>
/// <param name="Score">Their harmonic mean; 0.5 when a report has no entity.</param>
internal readonly record struct EntityScore(double ReferenceToCandidate, double CandidateToReference, double Score);
