using HSENet.Model.Generation.Guards;

namespace HSENet.Trainer.Tests.Guards;

/// <summary>A sentence that says more of a finding, as of one that was told before.</summary>
internal static class LaterMention
{
    /// <returns>Null where the finding has no side.</returns>
    public static string? Of(DrawnFinding finding, ReportWording words, Random random)
    {
        (string Noun, string[] Forms)? drawn = finding.Kind switch
        {
            FindingKind.Nodule => ("nodule", words.Again.OfLobe),
            FindingKind.Consolidation => ("consolidation", words.Again.OfLobe),
            FindingKind.Atelectasis => ("atelectasis", words.Again.OfLobe),
            FindingKind.GroundGlass => ("ground-glass opacity", words.Again.OfLobe),
            FindingKind.PleuralEffusion => ("pleural effusion", words.Again.OfSide),
            FindingKind.Pneumothorax => ("pneumothorax", words.Again.OfSide),
            _ => null,
        };
        return drawn is not var (noun, forms) ? null : finding.Fill(forms[random.Next(forms.Length)].Replace("{noun}", noun, StringComparison.Ordinal));
    }
}
