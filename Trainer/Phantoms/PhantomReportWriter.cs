using HSENet.Dicom.Phantoms;
using HSENet.Trainer.DemoModels;
using static HSENet.Dicom.Phantoms.PhantomFindingKind;

namespace HSENet.Trainer.Phantoms;

/// <summary>
/// Tells in words what was drawn: one slot for each organ in a fixed order (or shuffled), each with several ways to say that something is there or
/// is not. Everything drawn is told with its side, lobe and size; what is commonly looked for is denied when absent, the rest now and then.
/// </summary>
/// <param name="random">Draws the wording.</param>
/// <param name="shuffle">Sentences in any order.</param>
internal sealed class PhantomReportWriter(SeededGenerator random, bool shuffle)
{
    public PhantomReport Write(IReadOnlyList<PhantomFinding> findings)
    {
        var sentences = new List<string> { Airway() };
        sentences.AddRange(Slot(findings, Cardiomegaly, always: true));
        sentences.AddRange(Slot(findings, PericardialEffusion, always: false));
        sentences.AddRange(Slot(findings, AorticCalcification, always: true));
        sentences.AddRange(Slot(findings, Lymphadenopathy, always: true));
        sentences.AddRange(Slot(findings, HiatalHernia, always: false));
        sentences.AddRange(Slot(findings, Emphysema, always: false));
        sentences.AddRange(Slot(findings, Nodule, always: true));
        sentences.AddRange(Slot(findings, Consolidation, always: false));
        sentences.AddRange(Slot(findings, GroundGlass, always: false));
        sentences.AddRange(Slot(findings, Atelectasis, always: false));
        sentences.AddRange(Pleura(findings));
        for (var i = sentences.Count - 1; shuffle && i > 0; i--)
        {
            var j = random.Next(i + 1);
            (sentences[i], sentences[j]) = (sentences[j], sentences[i]);
        }

        return new(string.Join(' ', sentences), Impression(findings));
    }

    private IEnumerable<string> Slot(IReadOnlyList<PhantomFinding> findings, PhantomFindingKind kind, bool always)
    {
        var present = findings.Where(finding => finding.Kind == kind).ToArray();
        if (present.Length > 0)
        {
            return present.Select(finding => Pick(PhantomPhrases.Present(finding)));
        }

        return always || random.Next(3) == 0 ? [Pick(PhantomPhrases.Absent(kind))] : [];
    }

    /// <summary>Two spaces that are denied in one sentence now and then.</summary>
    private IEnumerable<string> Pleura(IReadOnlyList<PhantomFinding> findings) =>
        !findings.Any(finding => finding.Kind is PleuralEffusion or Pneumothorax) && random.Next(3) == 0
            ? [Pick(PhantomPhrases.ClearPleura)]
            : [.. Slot(findings, PleuralEffusion, always: true), .. Slot(findings, Pneumothorax, always: true)];

    private string Impression(IReadOnlyList<PhantomFinding> findings) =>
        findings.Count == 0 ? Pick(PhantomPhrases.Normal) : string.Join(' ', findings.Select(finding => $"{PhantomPhrases.Short(finding)}."));

    private string Airway() => Pick(PhantomPhrases.Airway);

    private string Pick(IReadOnlyList<string> phrases) => phrases[random.Next(phrases.Count)];
}
