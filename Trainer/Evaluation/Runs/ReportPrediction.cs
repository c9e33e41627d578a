namespace HSENet.Trainer.Evaluation.Runs;

/// <summary>A line of <c>predictions.jsonl</c> (reports).</summary>
/// <param name="Id">The study.</param>
/// <param name="Image">The study whose image was shown: another one in the baseline.</param>
/// <param name="Text">As the model wrote it.</param>
/// <param name="FinishReason">Only <c>Stop</c> means that the text is complete.</param>
/// <param name="Tokens">Written.</param>
/// <param name="Seconds">Spent.</param>
internal sealed record ReportPrediction(string Id, string Image, string Text, string FinishReason, int Tokens, ItemSeconds Seconds);
