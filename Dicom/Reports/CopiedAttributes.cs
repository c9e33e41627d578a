using FellowOakDicom;
using HSENet.Dicom.Text;

namespace HSENet.Dicom.Reports;

/// <summary>
/// Carries attributes of the source over: text as text (so that it is written in the report's character set, whatever the source's was), the rest as it is.
/// Values stay what they are, so that the source's study is found again under them, unless they are illegal (<see cref="CopiedText"/>).
/// </summary>
internal static class CopiedAttributes
{
    /// <summary>Sequences in copied sequences: codes in issuer macros. Deeper ones are dropped.</summary>
    private const int DeepestSequence = 4;

    public static void Copy(DicomDataset from, DicomDataset to, params DicomTag[] tags)
    {
        foreach (var tag in tags)
        {
            if (from.Contains(tag))
                Copy(from, to, from.GetDicomItem<DicomItem>(tag), DeepestSequence);
        }
    }

    /// <summary>Copies, or writes an empty attribute where the standard wants one (Type 2).</summary>
    public static void CopyOrEmpty(DicomDataset from, DicomDataset to, params DicomTag[] tags)
    {
        Copy(from, to, tags);
        foreach (var tag in tags.Where(t => !to.Contains(t)))
            to.AddOrUpdate(tag, "");
    }

    /// <summary>Copies a description: one line of visible characters, as long as its VR allows.</summary>
    public static void CopyLine(DicomDataset from, DicomDataset to, DicomTag tag, int longest)
    {
        if (HasText(from, tag))
            to.AddOrUpdate(tag, ReportText.OneLine(from.GetString(tag), longest));
    }

    /// <summary>The items of a code sequence that are complete: value, scheme and meaning (PS3.3 8.8).</summary>
    public static DicomDataset[] Codes(DicomDataset from, DicomTag tag) =>
        from.TryGetSequence(tag, out var sequence) ? [.. sequence.Items.Where(IsComplete).Select(item => CopyOf(item, DeepestSequence - 1))] : [];

    public static bool HasText(DicomDataset dataSet, DicomTag tag) =>
        dataSet.TryGetString(tag, out var text) && !string.IsNullOrWhiteSpace(text);

    private static bool IsComplete(DicomDataset code) =>
        HasText(code, DicomTag.CodeValue) && HasText(code, DicomTag.CodingSchemeDesignator) && HasText(code, DicomTag.CodeMeaning);

    private static DicomDataset CopyOf(DicomDataset item, int depth)
    {
        var copy = ReportDataSet.Create();
        foreach (var inner in item.Where(i => !i.Tag.IsPrivate && i.Tag != DicomTag.SpecificCharacterSet))
            Copy(item, copy, inner, depth);

        return copy;
    }

    private static void Copy(DicomDataset from, DicomDataset to, DicomItem item, int depth)
    {
        switch (item)
        {
            case DicomSequence sequence when depth > 0:
                to.AddOrUpdate(new DicomSequence(item.Tag, [.. sequence.Items.Select(i => CopyOf(i, depth - 1))]));
                break;
            case DicomElement element when IsText(item) && Values(from, element) is { } values && StandardVr(item.Tag) is { IsString: true } vr:
                var legal = values.Select(v => CopiedText.Legal(vr.Code, v)).ToArray();
                if (legal.All(v => v is not null))
                    to.AddOrUpdate(vr, item.Tag, legal);

                break;
            case DicomElement when !IsText(item) && StandardVr(item.Tag) == item.ValueRepresentation:
                to.AddOrUpdate(item);
                break;
            default:
                break;
        }
    }

    /// <summary>
    /// The values as text. A value of unknown VR is bytes to the toolkit: it is decoded here, and left out (null) where escape sequences would make that a
    /// guess (PS3.5 6.1.2.5).
    /// </summary>
    private static string[]? Values(DicomDataset from, DicomElement element)
    {
        if (element.ValueRepresentation != DicomVR.UN)
            return from.TryGetValues<string>(element.Tag, out var values) ? values : null;

        const byte Escape = 0x1B;
        return Array.IndexOf(element.Buffer.Data, Escape) >= 0 ? null : [.. DecodedText.Values(from, element).Select(v => v.Trim(' ', '\0'))];
    }

    private static bool IsText(DicomItem item) => item.ValueRepresentation.IsString || item.ValueRepresentation == DicomVR.UN;

    /// <summary>The VR that PS3.6 gives, whatever the source wrote.</summary>
    private static DicomVR? StandardVr(DicomTag tag) => tag.DictionaryEntry.ValueRepresentations.FirstOrDefault();
}
