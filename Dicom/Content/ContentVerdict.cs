using HSENet.Dicom.Series;

namespace HSENet.Dicom.Content;

/// <summary>Whether the pixels of a volume show a chest, whole or in part.</summary>
/// <param name="Reason">Why it is none that could be reported on; null: a chest.</param>
/// <param name="Detail">Of the reason: numbers, no patient data.</param>
/// <param name="MissingEnds">Ends of the lungs that the scan does not cover: <c>apices</c>, <c>bases</c>.</param>
/// <param name="Measures">The numbers it was judged by.</param>
public sealed record ContentVerdict(RefusalReason? Reason, string? Detail, IReadOnlyList<string> MissingEnds, ContentMeasures Measures)
{
    /// <summary>A chest, from the apices of the lungs to their bases.</summary>
    public bool IsWholeChest => Reason is null && MissingEnds.Count == 0;
}
