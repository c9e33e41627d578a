namespace HSENet.Trainer.Ablations;

/// <summary>Names of measured values, as in the results and the tables.</summary>
internal static class MetricNames
{
    /// <summary>Mean of both ways, report to volume and volume to report; so are the others of retrieval.</summary>
    public const string RecallAt1 = "R@1";

    public const string RecallAt5 = "R@5";

    public const string RecallAt10 = "R@10";

    /// <summary>Each volume guided by what belongs to another case; of plain towers the same as R@5.</summary>
    public const string RecallAt5OtherGuide = "R@5, another's guide";

    public const string LabelMicroF1 = "label micro-F1";

    public const string LabelMacroF1 = "label macro-F1";

    public const string LabelMicroF1Swapped = "label micro-F1, another's report";

    public const string SidesRight = "sides right";

    public const string HSENetBleu4 = "BLEU-4 (mean precision)";

    public const string RougeL = "ROUGE-L";

    public const string Complete = "reports complete";

    public const string VisualTokens = "visual tokens";
}
