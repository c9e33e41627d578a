using FellowOakDicom;

namespace HSENet.Dicom.Reports;

/// <summary>The content items of Basic Text SR that a draft is made of (PS3.3 C.17.3).</summary>
internal static class ContentItem
{
    public const string HasConceptModifier = "HAS CONCEPT MOD";
    public const string HasObservationContext = "HAS OBS CONTEXT";
    public const string Contains = "CONTAINS";

    public static DicomDataset Coded(string relationship, Code name, Code value) =>
        Item(relationship, "CODE", name, value.In(DicomTag.ConceptCodeSequence));

    /// <summary>A code that was copied from the source.</summary>
    public static DicomDataset Coded(string relationship, Code name, DicomDataset copiedValue) =>
        Item(relationship, "CODE", name, new DicomSequence(DicomTag.ConceptCodeSequence, copiedValue));

    public static DicomDataset Text(string relationship, Code name, string text) =>
        Item(relationship, "TEXT", name, new DicomUnlimitedText(DicomTag.TextValue, text));

    public static DicomDataset Uid(string relationship, Code name, string uid) =>
        Item(relationship, "UIDREF", name, new DicomUniqueIdentifier(DicomTag.UID, uid));

    public static DicomDataset Container(string relationship, Code name, params DicomDataset[] children) =>
        Item(relationship, "CONTAINER", name,
            new DicomCodeString(DicomTag.ContinuityOfContent, "SEPARATE"),
            new DicomSequence(DicomTag.ContentSequence, children));

    private static DicomDataset Item(string relationship, string valueType, Code name, params DicomItem[] value)
    {
        var item = ReportDataSet.Create(
            new DicomCodeString(DicomTag.RelationshipType, relationship),
            new DicomCodeString(DicomTag.ValueType, valueType),
            name.In(DicomTag.ConceptNameCodeSequence));
        item.Add(value);
        return item;
    }
}
