using HSENet.Model.Generation.Guards;

namespace HSENet.Trainer.Tests.Guards;

/// <summary>
/// Wording that the guards were improved on, after they found 164 of 200 faults in it at first. It measures nothing any more and holds what
/// was reached.
/// </summary>
internal static class TunedWording
{
    public static ReportWording Words { get; } = new()
    {
        Present = new Dictionary<FindingKind, (string[], string[], string[])>
    {
        [FindingKind.Nodule] = (
            [
                "Within the| {side} {lobe} lobe a| well-defined solid| nodule of| {mm} mm is| demonstrated (image {n}).",
                    "A| spiculated nodule with| a| diameter of| {mm} mm abuts the| pleura in the| {side} {lobe} lobe.",
                "The| {side} {lobe} lobe contains a| round {mm} mm nodule| without internal calcification.",
            ],
            ["{mm} mm solid nodule in| the| {side} {lobe} lobe (im. {n})", "Nodule {side} {lobe} lobe, {mm} mm in| greatest dimension",
                "Part-solid nodule of| the| {side} {lobe} lobe measuring| {cm} cm"],
            ["Solitary {mm} mm nodule of the {side} {lobe} lobe, follow-up per Fleischner guidelines",
                "{side} {lobe} lobe pulmonary nodule ({mm} mm)"]),
        [FindingKind.PleuralEffusion] = (
            [
                "A| layering {side}-sided pleural effusion with| a| depth of| {mm} mm is| identified.",
                    "Free fluid is| seen in| the| {side} pleural space, consistent with| a| moderate pleural effusion.",
                "On the {side}, there is| a| small pleural effusion| reaching up to| the| level of| the| carina.",
            ],
            ["Small {side} pleural effusion, {mm} mm deep", "{side} pleural effusion, moderate in| volume"],
            ["Moderate {side} pleural effusion", "{side}-sided pleural effusion of uncertain cause"]),
        [FindingKind.Consolidation] = (
            [
                "Dense airspace consolidation with| air bronchograms occupies the| posterior {side} {lobe} lobe.",
                    "There is| a| peripheral consolidation of| {mm} mm in| the| {side} {lobe} lobe, most likely infectious.",
                "An| area of| consolidation is| noted in| the| dependent portion of| the| {side} {lobe} lobe.",
            ],
            ["Patchy consolidation of| the| {side} {lobe} lobe", "{side} {lobe} lobe: consolidation with| air bronchograms, {mm} mm"],
            ["{side} {lobe} lobe pneumonia with consolidation", "Consolidation in the {side} {lobe} lobe, likely infectious"]),
        [FindingKind.Pneumothorax] = (
            ["A| narrow rim of| air in| the| {side} pleural cavity indicates a| pneumothorax of| {mm} mm.",
                "An| apical pneumothorax is| present on| the| {side}, its| width {mm} mm."],
            ["Small {side} apical pneumothorax", "{side} pneumothorax, {mm} mm at| the| apex"],
            ["{side} apical pneumothorax", "Small pneumothorax on the {side}"]),
        [FindingKind.Cardiomegaly] = (
            ["The| cardiac silhouette is| moderately enlarged, predominantly the| left ventricle.",
                "There is| cardiac enlargement with| dilatation of| both atria."], ["Cardiomegaly, predominantly| left-sided chambers"],
            ["Cardiomegaly"]),
        [FindingKind.Lymphadenopathy] = (
            [
                "Several enlarged mediastinal lymph nodes are| present, the| largest in| the| subcarinal station with| a| short axis of| {mm} mm.", "Mediastinal and| hilar lymphadenopathy is| demonstrated, up to| {mm} mm in| short axis.",
            ],
            ["Enlarged subcarinal lymph node, short axis {mm} mm", "Mediastinal lymphadenopathy up to| {mm} mm"],
            ["Mediastinal lymphadenopathy", "Enlarged mediastinal nodes, reactive or neoplastic"]),
        [FindingKind.HiatalHernia] = (
            ["A| sliding hiatal hernia with| a| craniocaudal extent of| {mm} mm is| incidentally noted."],
                ["Sliding hiatal hernia, {mm} mm"], ["Hiatal hernia, incidental"]),
        [FindingKind.Emphysema] = (
            ["The| lung parenchyma shows| centrilobular emphysema with| apical predominance.",
                "Moderate centrilobular and| paraseptal emphysema affects both| upper lobes."],
            ["Centrilobular emphysema, upper lobe predominant"], ["Centrilobular emphysema"]),
        [FindingKind.Atelectasis] = (
            ["Linear atelectasis extends through the| base of| the| {side} {lobe} lobe.",
                "Dependent atelectasis is| noted in| the| {side} {lobe} lobe."], ["Subsegmental atelectasis, {side} {lobe} lobe"],
            ["Subsegmental atelectasis of the {side} {lobe} lobe"]),
        [FindingKind.GroundGlass] = (
            ["A| ground-glass opacity of| {mm} mm is| visible in| the| {side} {lobe} lobe, possibly inflammatory.",
                "Ill-defined ground-glass attenuation involves the| {side} {lobe} lobe over| {mm} mm."],
            ["Ground-glass opacity in| the| {side} {lobe} lobe, {mm} mm"], ["Ground-glass opacity of the {side} {lobe} lobe"]),
        [FindingKind.PericardialEffusion] = (["A| thin pericardial effusion of| {mm} mm surrounds the| heart."],
            ["Pericardial effusion, {mm} mm"], ["Small pericardial effusion"]),
    },
        Again = (
            ["The {noun} in the {side} {lobe} lobe is well defined.", "The {side} {lobe} lobe {noun} abuts the pleura.", "The {noun} lies within the {side} lung."],
            ["The {side} {noun} is small.", "The {noun} on the {side} has no septa.",
                "The {noun} on the {side} shifts the mediastinum."]),
        Absent = new Dictionary<FindingKind, (string[], string[])>
    {
        [FindingKind.Nodule] = (["Neither lung contains a| suspicious nodule or| mass.",
            "The| lungs are| clear without| evidence of| pulmonary nodules."], ["No pulmonary nodules"]),
        [FindingKind.PleuralEffusion] = (["The| pleural spaces are| free of| fluid on| both| sides.",
            "No pleural effusion is| evident."], ["Pleural effusion: none"]),
        [FindingKind.Consolidation] = (["There is| no| airspace consolidation."], ["Consolidation: no"]),
        [FindingKind.Pneumothorax] = (["No pneumothorax on| either| side."], ["Pneumothorax: absent"]),
        [FindingKind.Cardiomegaly] = (["The| heart is| normal in| size and| configuration.", "Normal cardiac size."],
            ["Heart: normal size"]),
        [FindingKind.Lymphadenopathy] = (["Mediastinal, hilar and| axillary lymph nodes are| not| enlarged by| size criteria.",
            "No pathologically enlarged thoracic lymph nodes are| present."], ["Lymph nodes: unremarkable"]),
        [FindingKind.HiatalHernia] = (["The| esophagus is| unremarkable without| hiatal hernia."], ["Esophagus: no hernia"]),
        [FindingKind.Emphysema] = (["No emphysematous destruction of| the| parenchyma."], ["Emphysema: none"]),
        [FindingKind.Atelectasis] = (["Both| lungs are| fully expanded without| atelectasis."], ["No atelectasis"]),
        [FindingKind.GroundGlass] = (["No ground-glass opacities are| appreciated."], ["Ground-glass: none"]),
        [FindingKind.PericardialEffusion] = (["The| pericardium is| of| normal thickness without| effusion."],
            ["Pericardium: no effusion"]),
    },
        ContextProse = [
            "Helical CT of| the| chest was| performed after intravenous administration of| 80 mL of| iodinated contrast.",
                "Comparison: radiograph from| three| months ago.", "The| central airways are| patent to| the| subsegmental level.",
            "A| port catheter terminates at| the| cavoatrial junction.",
                "The| ascending aorta measures| 37 mm and| the| pulmonary trunk 28 mm in| diameter.",
            "Degenerative changes of| the| thoracic spine are| noted, without| acute fracture.",
            "The| included portions of| the| upper abdomen show| a| simple hepatic cyst of| 14 mm in| segment IV.",
                "A| 22 mm adenoma of| the| left adrenal gland is| unchanged.",
            "Mild atherosclerotic calcification of| the| aortic arch and| of| the| coronary arteries.",
            "The| thyroid gland is| homogeneous, with| a| nodule of| 12 mm in| its| right lobe.",
                "Old healed fractures of| the| left sixth and| seventh ribs.", "Status post median sternotomy with| intact cerclage wires.",
            "Motion artefacts limit the| assessment of| the| lung bases.", "The| visualised bones are| unremarkable.",
                "Sections of| 1.25 mm were| reconstructed with| a| lung kernel.",
            "There is| mild bronchial wall thickening in| both| lower lobes.",
        ],
        ContextList = [
            "Technique: low-dose helical CT, 1 mm sections", "Airways: patent", "Aorta: 36 mm, normal", "Bones: degenerative changes",
                "Upper abdomen: gallstones", "Soft tissues: normal", "Devices: dual-chamber pacemaker, leads in| place",
            "Thyroid: 9 mm nodule of| the| left lobe", "Liver: cyst, 18 mm", "Pulmonary arteries: no filling defects",
                "Calcified granuloma of| 4 mm at| the| right hilum", "Coronary calcification, moderate",
        ],
        Conclusions = ["No acute cardiopulmonary abnormality", "No evidence of acute disease in the chest", "Unremarkable chest CT",
            "No finding to explain the symptoms"],
        Advice = ["Clinical correlation is suggested", "Follow-up CT in 6 to 12 months is recommended",
            "Comparison with earlier examinations would help"],
    };
}
