namespace HSENet.Trainer.FineTuning;

/// <summary>What of a report is learned.</summary>
internal enum ReportTarget
{
    /// <summary>The findings, as the published models do (hsenet.md 3.4).</summary>
    Findings,

    /// <summary>The findings and, where there is one, the impression on a line that begins with "Impression:"; the service cuts there.</summary>
    FindingsAndImpression,
}
