namespace HSENet.Model.Generation.Guards;

/// <summary>Reads a draft as its reader will, for what no sound report holds. Words only.</summary>
internal static class TextGuards
{
    /// <param name="findings">Of a text that ended by itself.</param>
    /// <param name="impression">Empty where there is none.</param>
    /// <returns><see cref="FinishReason.Stop"/>: nothing was found.</returns>
    public static FinishReason Judge(string findings, string impression)
    {
        var (told, concluded) = (ReportSentence.Split(findings), ReportSentence.Split(impression));
        IReadOnlyList<ReportSentence> all = [.. told, .. concluded];
        return all.Any(BrokenSentence.IsBroken) ? FinishReason.Unfinished
            : ContradictedFinding.IsIn(told, concluded) ? FinishReason.Contradiction
            : RepeatedFinding.IsIn(told) || RepeatedFinding.IsIn(concluded) ? FinishReason.Duplicate
            : all.Any(ImplausibleSize.IsIn) ? FinishReason.Implausible
            : FinishReason.Stop;
    }
}
