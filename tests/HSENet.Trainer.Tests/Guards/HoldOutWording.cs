using HSENet.Model.Generation.Guards;

namespace HSENet.Trainer.Tests.Guards;

/// <summary>Wording that the guards were not made with: written down after their last change and before they first read it.</summary>
internal static class HoldOutWording
{
    public static ReportWording Words { get; } = new()
    {
        Present = new Dictionary<FindingKind, (string[], string[], string[])>
        {
            [FindingKind.Nodule] = (
                ["Note is| made of| a| nodule in| the| {side} {lobe} lobe with| a| diameter of| {mm} mm.",
                    "The| {side} {lobe} lobe harbours a| {mm} mm nodule.",
                "A| pulmonary nodule, {mm} mm in| size, lies in| the| {side} {lobe} lobe."],
                ["{side} {lobe} lobe nodule {mm} mm", "Nodule of| {cm} cm in| the| {side} {lobe} lobe"],
                    ["{mm} mm nodule in the {side} {lobe} lobe", "Indeterminate nodule of the {side} {lobe} lobe"]),
            [FindingKind.PleuralEffusion] = (
                ["There is| a| {side} pleural effusion of| moderate size.", "A| moderate pleural effusion is| visible on| the| {side}.",
                    "Moderate fluid in| the| {side} pleural cavity."],
                ["Moderate {side} pleural effusion", "Pleural effusion on| the| {side}, moderate"], ["{side} pleural effusion",
                    "Pleural effusion, {side}"]),
            [FindingKind.Consolidation] = (
                ["Consolidated lung is| seen in| the| {side} {lobe} lobe, a| consolidation of| {mm} mm.",
                    "The| {side} {lobe} lobe is| the| site of| a| consolidation of| {mm} mm."],
                ["Consolidation {side} {lobe} lobe {mm} mm", "{mm} mm consolidation of| the| {side} {lobe} lobe"],
                ["Consolidation of the {side} {lobe} lobe"]),
            [FindingKind.Pneumothorax] = (
                ["A| {side} pneumothorax of| {mm} mm is| found.",
                    "On the {side} there is| a| pneumothorax with| a| width of| {mm} mm."], ["{side} pneumothorax of| {mm} mm",
                "Pneumothorax on| the| {side}, {mm} mm"], ["{side} pneumothorax"]),
            [FindingKind.Cardiomegaly] = (["Cardiomegaly is| evident.", "The| heart appears enlarged."], ["Cardiomegaly",
                "Heart enlarged"], ["Cardiac enlargement"]),
            [FindingKind.Lymphadenopathy] = (
                ["Enlarged lymph nodes of| up to| {mm} mm are| found in| the| mediastinum.",
                    "There is| lymphadenopathy of| the| mediastinum with| nodes of| up to| {mm} mm."],
                ["Mediastinal lymphadenopathy, {mm} mm", "Enlarged mediastinal nodes up to| {mm} mm"],
                ["Lymphadenopathy of the mediastinum"]),
            [FindingKind.HiatalHernia] = (["There is| herniation of| the| stomach, a| hiatal hernia of| {mm} mm.",
                "A| hiatal hernia measures| {mm} mm."], ["Hiatal hernia {mm} mm", "Hiatus hernia of| {mm} mm"], ["Hiatus hernia"]),
            [FindingKind.Emphysema] = (["Emphysema is| evident in| the| upper zones.", "The| upper zones show| emphysema."],
                ["Upper zone emphysema"], ["Emphysema"]),
            [FindingKind.Atelectasis] = (["Atelectasis is| found in| the| {side} {lobe} lobe.",
                "The| {side} {lobe} lobe shows| atelectasis."], ["Atelectasis {side} {lobe} lobe"],
            ["Atelectasis of the {side} {lobe} lobe"]),
            [FindingKind.GroundGlass] = (
                ["A| patch of| ground-glass opacity of| {mm} mm is| found in| the| {side} {lobe} lobe.",
                    "The| {side} {lobe} lobe has| a| {mm} mm patch of| ground-glass opacity."],
                ["Ground-glass {side} {lobe} lobe {mm} mm"], ["Ground-glass opacity, {side} {lobe} lobe"]),
            [FindingKind.PericardialEffusion] = (["There is| fluid around| the| heart, a| pericardial effusion of| {mm} mm.",
                "A| pericardial effusion of| {mm} mm is| found."], ["Pericardial effusion {mm} mm"], ["Pericardial effusion"]),
        },
        Again = (
            ["The {side} {lobe} lobe {noun} has irregular margins.", "The described {noun} of the {side} {lobe} lobe touches the fissure.",
                "The {noun} in the {side} lung reaches the hilum."],
            ["The {side}-sided {noun} extends to the apex.", "The {noun} on the {side} displaces the heart."]),
        Absent = new Dictionary<FindingKind, (string[], string[])>
        {
            [FindingKind.Nodule] = (["There are| no| pulmonary nodules.", "No nodule is| found in| either| lung."], ["Nodules: none",
                "No nodule"]),
            [FindingKind.PleuralEffusion] = (["There is| no| fluid in| the| pleural spaces.", "Pleural effusion is| absent."],
                ["No pleural effusion", "Effusion: none"]),
            [FindingKind.Consolidation] = (["The| lungs show| no| consolidation.", "Consolidation is| not| present."],
                ["No consolidation"]),
            [FindingKind.Pneumothorax] = (["There is| no| evidence of| pneumothorax.", "Pneumothorax is| excluded."], ["No pneumothorax"]),
            [FindingKind.Cardiomegaly] = (["The| heart is| of| normal size.", "There is| no| cardiac enlargement."], ["Heart size normal"]),
            [FindingKind.Lymphadenopathy] = (["There are| no| enlarged lymph nodes.",
                "Hilar and| mediastinal nodes are| of| normal size."], ["No lymphadenopathy"]),
            [FindingKind.HiatalHernia] = (["There is| no| evidence of| a| hiatal hernia."], ["No hiatal hernia"]),
            [FindingKind.Emphysema] = (["There is| no| emphysema."], ["No emphysema"]),
            [FindingKind.Atelectasis] = (["Atelectasis is| not| seen."], ["Atelectasis: none"]),
            [FindingKind.GroundGlass] = (["No areas of| ground-glass opacity are| found."], ["No ground-glass opacity"]),
            [FindingKind.PericardialEffusion] = (["There is| no| pericardial effusion."], ["No pericardial effusion"]),
        },
        ContextProse =
        [
            "The| examination was| performed without intravenous contrast.", "No earlier examination is| available for| comparison.",
                "The| trachea is| midline and| of| normal calibre.", "A| central venous line ends in| the| right atrium.",
            "The| great vessels are| of| normal calibre, the| ascending aorta measures| 33 mm.", "Spondylosis of| the| thoracic spine.",
                "A| cyst of| 21 mm is| seen in| the| upper pole of| the| left kidney.",
            "The| gallbladder contains several stones of| up to| 9 mm.",
            "There are| coronary calcifications.", "The| left thyroid lobe contains a| 16 mm nodule.",
                "A| healed fracture of| the| right clavicle.", "Breathing artefacts are| present at| the| bases.",
            "No lytic or| sclerotic bone lesion.",
            "The| adrenal glands are| normal.", "Apical pleural thickening is| seen on| both| sides.",
                "A| calcified granuloma of| 3 mm in| the| left lower lobe.", "Slightly tortuous descending aorta.",
            "The| right hemidiaphragm is| elevated.",
        ],
        ContextList =
        [
            "Contrast: none", "Trachea: midline", "Adrenals: normal", "Ascending aorta 34 mm", "Spine: spondylosis",
                "Cholecystolithiasis", "Left thyroid nodule 14 mm", "Renal cyst, 25 mm", "Coronary artery calcification",
            "No bone lesion", "Central line in| situ",
            "Apical pleural thickening, bilateral",
        ],
        Conclusions = ["No acute finding", "Normal study", "No significant abnormality of the chest", "No change that needs treatment"],
        Advice = ["Please correlate with laboratory values", "A control in three months is advised",
            "Discussion in the tumour board is advised"],
    };
}
