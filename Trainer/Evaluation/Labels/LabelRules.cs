using static HSENet.Trainer.Evaluation.Labels.ChestLabels;

namespace HSENet.Trainer.Evaluation.Labels;

/// <summary>The cues and exclusions of each label.</summary>
internal static class LabelRules
{
    private const string Material =
        @"\bcatheters?\b|\bport chamber|\bstents?\b|\bpacemakers?\b|\bsternotomy|\bprosthe(sis|ses|tic)\b|\bvalve replacement|\bsutures?\b|\bclips?\b|\btracheostomy"
        + @"|\bimplants?\b|\bdrains?\b|\btubes?\b|\belectrodes?\b|\bscrews?\b|\bfixation\b|\bmetallic\b|\bgrafts?\b|\b(surgical|operation|foreign|suture) materials?\b";

    private const string OtherOrgan =
        @"\bthyroid|\badrenal|\bbreast|\bliver|\bhepatic|\bkidney|\brenal|\bspleen|\bsplenic|\bskin|\bsubcutaneous|\bbone|\bvertebra|\brib\b|\blymph|\bgland|\bpancrea|\bmediastinal mass";

    public static IReadOnlyList<LabelRule> All { get; } =
    [
        new(MedicalMaterial, Material, @"\bcontrast (material|agent|medium)"),
        new(ArterialCalcification, Near("(calcif|ather|plaque)", @"(\baort|\barter|\bvascular|\bvessel)"), @"\bvalv"),
        new(Cardiomegaly, @"\bcardiomegaly|(\bheart|\bcardiac)( \w+)* (size|silhouette)?.*\b(increased|enlarged)|\benlarged (heart|cardiac)|\bcardiothoracic ratio.*\bincreased|"
            + Near(@"(\batri|\bventric)", @"(\bdilat|\benlarged)")),
        new(PericardialEffusion, @"\bpericardi.*\b(effusion|fluid)|\b(effusion|fluid).*\bpericardi"),
        new(CoronaryCalcification, Near(@"(calcif|ather|plaque|\bstent)", @"\bcoronar")),
        new(HiatalHernia, @"\bhiat\w* herni|" + Near(@"\bherniat", @"\bhiat")),
        new(Lymphadenopathy, @"\blymphadenopath|\bLAPs?\b|\blymph(atic)? nodes?\b|\blymphadenomegal"),
        new(Emphysema, @"emphysem|\bparaseptal|\bcentri(lob|acin)|\bbullae?\b|\bbullous", @"\b(subcutaneous|mediastinal) emphysem"),
        new(Atelectasis, @"atelecta|\bcollaps"),
        new(LungNodule, @"nodul|\bmass(es)?\b", OtherOrgan),
        new(LungOpacity, @"\bground.?glass|\bopaci|\binfiltrat|\bcrazy.?paving|\b(patchy|nodular) (density|densities)",
            @"\bsequel|\bfibrotic|\bpleuroparenchymal|" + OtherOrgan),
        new(FibroticSequela, @"\bfibrotic|\bfibrosis|\bsequel|\bscar(s|ring|red)?\b|\bpleuroparenchymal"),
        new(PleuralEffusion, @"\bpleura.*\b(effusion|fluid)|\b(effusions?|fluid)\b.*\bpleura|\b(bi)?lateral effusion|\bhydrothora"),
        new(MosaicAttenuation, @"\bmosaic"),
        new(PeribronchialThickening, Near(@"(\bperibronchial|\bbronch\w* wall)", @"\bthick")),
        new(Consolidation, @"\bconsolidat"),
        new(Bronchiectasis, @"\bbronchiecta|" + Near(@"\bbronch(us|i|ial)\b", @"\bdilat")),
        new(SeptalThickening, Near(@"(\binterlobular|\bsept(al|a|um)\b)", @"\bthick"), @"\bnasal|\binteratrial|\binterventricular"),
        new(Pneumothorax, @"\bpneumothora"),
    ];

    private static string Near(string a, string b) => $"({a}.*{b}|{b}.*{a})";
}
