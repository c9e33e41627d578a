namespace HSENet.Trainer.Evaluation.Runs;

/// <summary>A study that was found, and the cosine it was found by.</summary>
internal sealed record RetrievedItem(string Id, double Cosine);
