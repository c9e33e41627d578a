using FellowOakDicom;

namespace HSENet.Dicom.Reports;

/// <summary>The content tree: TID 2000 Basic Diagnostic Imaging Report (PS3.16), rows in the order of the template.</summary>
internal static class ReportTree
{
    public static void Add(DicomDataset document, DraftReport report)
    {
        document.Add(DicomTag.ValueType, "CONTAINER");
        document.Add(Code.ChestReport.In(DicomTag.ConceptNameCodeSequence));
        document.Add(DicomTag.ContinuityOfContent, "SEPARATE");
        document.Add(new DicomSequence(DicomTag.ContentTemplateSequence, ReportDataSet.Create(
            new DicomCodeString(DicomTag.MappingResource, "DCMR"),
            new DicomCodeString(DicomTag.TemplateIdentifier, "2000"))));
        document.Add(new DicomSequence(DicomTag.ContentSequence, [.. Modifiers(report), .. Observer(report.Author), .. Headings(report)]));
    }

    /// <summary>Rows 2 to 5: procedure, device type, region, language.</summary>
    private static IEnumerable<DicomDataset> Modifiers(DraftReport report)
    {
        var performed = CopiedAttributes.Codes(report.Source.Header, DicomTag.ProcedureCodeSequence);
        if (performed.Length == 0)
            yield return ContentItem.Coded(ContentItem.HasConceptModifier, Code.ProcedureReported, Code.CtOfChest);

        foreach (var code in performed)
            yield return ContentItem.Coded(ContentItem.HasConceptModifier, Code.ProcedureReported, code);

        yield return ContentItem.Coded(ContentItem.HasConceptModifier, Code.AcquisitionDeviceType, Code.ComputedTomography);
        yield return ContentItem.Coded(ContentItem.HasConceptModifier, Code.TargetRegion, Code.Chest);
        yield return ContentItem.Coded(ContentItem.HasConceptModifier, Code.Language, Code.English);
    }

    /// <summary>Row 7: TID 1001, 1002 and 1004. The software observed; no person did.</summary>
    private static IEnumerable<DicomDataset> Observer(ReportAuthor author)
    {
        yield return ContentItem.Coded(ContentItem.HasObservationContext, Code.ObserverType, Code.Device);
        yield return ContentItem.Uid(ContentItem.HasObservationContext, Code.DeviceObserverUid, ReportModules.DeviceUid(author));
        yield return ContentItem.Text(ContentItem.HasObservationContext, Code.DeviceObserverName, "HSENet");
        yield return ContentItem.Text(ContentItem.HasObservationContext, Code.DeviceObserverManufacturer, "HSENet");
        yield return ContentItem.Text(ContentItem.HasObservationContext, Code.DeviceObserverModelName, ReportText.Normalise($"{author.ModelName} {author.ModelVersion}"));
        yield return ContentItem.Text(ContentItem.HasObservationContext, Code.DeviceObserverSerialNumber, ReportText.Normalise(author.DeploymentId));
    }

    /// <summary>Row 8: the headings, each with its narrative (TID 2002). The notice and the findings are one item, so that they stay together.</summary>
    private static IEnumerable<DicomDataset> Headings(DraftReport report)
    {
        var findings = ReportText.Normalise(report.Findings);
        if (findings.Length == 0)
        {
            findings = report.PartialReason is { } reason
                ? ReportText.Normalise($"No findings were written: {reason}")
                : throw new HSENetDicomException("report.empty", "The findings are empty and no reason is given for it.");
        }

        yield return Heading(Code.FindingsHeading, Code.Finding, Notice(report.Author) + ReportText.LineBreak + Replaced(report) + Incomplete(report) + Identity(report) + Lossy(report)
            + ReportText.LineBreak + findings);

        var impression = ReportText.Normalise(report.Impression);
        if (impression.Length > 0)
            yield return Heading(Code.ImpressionsHeading, Code.Impression, impression);
    }

    private static DicomDataset Heading(Code heading, Code element, string text) =>
        ContentItem.Container(ContentItem.Contains, heading, ContentItem.Text(ContentItem.Contains, element, text));

    /// <summary>A line for readers whose viewer does not show the completion flag; empty for a whole report.</summary>
    private static string Incomplete(DraftReport report) =>
        report.PartialReason is { } reason ? ReportText.OneLine($"INCOMPLETE: {reason}", int.MaxValue) + ReportText.LineBreak : "";

    /// <summary>A line that tells why a second report of the same images is here; empty for any other.</summary>
    private static string Replaced(DraftReport report) =>
        report.ReplacesLost ? DraftReportDocument.ReplacesLostSentence + ReportText.LineBreak : "";

    private static string Identity(DraftReport report) =>
        report.IdentityNote is { } note ? ReportText.OneLine(note, int.MaxValue) + ReportText.LineBreak : "";

    /// <summary>A line that tells what the images lost before they came here (PS3.3 C.7.6.1.1.5); empty where nothing.</summary>
    private static string Lossy(DraftReport report) =>
        report.Source.Lossy is { } lossy
            ? ReportText.OneLine($"The images were compressed with loss ({lossy}).", int.MaxValue) + ReportText.LineBreak
            : "";

    /// <summary>One line: the fixed sentence, the model, the extra warning.</summary>
    private static string Notice(ReportAuthor author)
    {
        var warning = string.IsNullOrWhiteSpace(author.Warning) ? "" : $" {author.Warning.Trim()}";
        var line = ReportText.OneLine($"{DraftReportDocument.DraftSentence} Model: {author.ModelName} {author.ModelVersion}.{warning}", int.MaxValue);
        return line[^1] is '.' or '!' ? line : line + ".";
    }
}
