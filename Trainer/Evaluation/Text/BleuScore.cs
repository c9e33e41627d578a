namespace HSENet.Trainer.Evaluation.Text;

/// <summary>BLEU and what it is made of.</summary>
/// <param name="Bleu">Geometric mean of the precisions times the brevity penalty, 0..1; 0 when a precision is 0.</param>
/// <param name="Precisions">Clipped n-gram precisions, order 1 first.</param>
/// <param name="BrevityPenalty">1 unless the candidates are shorter than their references.</param>
/// <param name="CandidateLength">Tokens.</param>
/// <param name="ReferenceLength">Tokens: the shortest reference of each text.</param>
internal sealed record BleuScore(double Bleu, IReadOnlyList<double> Precisions, double BrevityPenalty, int CandidateLength, int ReferenceLength);
