namespace HSENet.Trainer.Evaluation.Runs;

/// <summary>A line of <c>predictions.jsonl</c> (retrieval).</summary>
/// <param name="Stage">1 or 2.</param>
/// <param name="Direction"><c>report-to-volume</c> or <c>volume-to-report</c>.</param>
/// <param name="Id">The query.</param>
/// <param name="Top">The nearest, nearest first.</param>
internal sealed record RetrievedTop(int Stage, string Direction, string Id, IReadOnlyList<RetrievedItem> Top);
