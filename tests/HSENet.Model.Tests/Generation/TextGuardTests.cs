using HSENet.Model.Generation.Guards;

namespace HSENet.Model.Tests.Generation;

/// <summary>
/// The wording here is what the guards were made with; how well they do on other wording is measured in the trainer's tests.
/// </summary>
public sealed class TextGuardTests
{
    [Theory]
    [InlineData("Both upper lobes in the.")]
    [InlineData("There is a 5 mm nodule in the right upper.")]
    [InlineData("The heart is normal in size. A small pleural effusion on the left with")]
    [InlineData("The trachea and.")]
    [InlineData("A nodule measuring 5.")]
    [InlineData("There is a 12 mm.")]
    [InlineData("Consolidation in the left lower lobe (series 3, image 45.")]
    [InlineData("Mild emphysema, ")]
    [InlineData("There is no pleural.")]
    [InlineData("Enlarged lymph nodes are")]
    public void A_sentence_that_breaks_off_is_found(string text) => Assert.Equal(FinishReason.Unfinished, TextGuards.Judge(text, string.Empty));

    [Theory]
    [InlineData("A 6 mm nodule is seen in the right upper lobe. The heart is normal in size. A 6 mm nodule is seen in the right upper lobe.")]
    [InlineData("A 6 mm nodule is seen in the right upper lobe. In the right upper lobe there is a nodule measuring 6 mm.")]
    [InlineData("The heart is enlarged. The aorta is normal. There is cardiomegaly.")]
    [InlineData("There is a small pleural effusion on the left. Small left pleural effusion is seen.")]
    [InlineData("No pleural effusion. The bones are normal. No pleural effusion.")]
    [InlineData("Emphysema is seen in both upper lobes. Both upper lobes show emphysema.")]
    public void A_finding_that_is_told_twice_is_found(string text) => Assert.Equal(FinishReason.Duplicate, TextGuards.Judge(text, string.Empty));

    [Theory]
    [InlineData("There is a small right pleural effusion.", "Small left pleural effusion.")]
    [InlineData("A 6 mm nodule is seen in the right upper lobe.", "Left upper lobe nodule, 6 mm.")]
    [InlineData("A left pleural effusion is seen on the right.", "")]
    [InlineData("A nodule of 7 mm lies in the left middle lobe.", "")]
    [InlineData("Consolidation in the right lower lobe of the left lung.", "")]
    [InlineData("There is a small left pleural effusion. No pleural effusion on the left.", "")]
    [InlineData("A 6 mm nodule in the right upper lobe. The nodule in the left upper lobe is solid.", "")]
    [InlineData("A 6 mm nodule is seen in the right upper lobe. The heart is normal in size. The left upper lobe nodule has smooth margins.", "")]
    [InlineData("There is a small right pleural effusion. The left-sided pleural effusion reaches the hilum.", "")]
    [InlineData("There is consolidation in the left lower lobe. The consolidation is seen in the right lower lobe with air bronchograms.", "")]
    [InlineData("A right pneumothorax is present. The pneumothorax on the left measures 12 mm.", "")]
    [InlineData("A 6 mm nodule is seen in the right upper lobe. It lies in the left upper lobe.", "")]
    [InlineData("There is a right pneumothorax.", "No pneumothorax.")]
    [InlineData("There is cardiomegaly. Heart size is normal.", "")]
    [InlineData("Mediastinal lymph nodes are enlarged, the largest 18 mm. There is no lymphadenopathy.", "")]
    public void Sides_that_contradict_each_other_are_found(string findings, string impression) =>
        Assert.Equal(FinishReason.Contradiction, TextGuards.Judge(findings, impression));

    [Theory]
    [InlineData("A 45 mm nodule is seen in the right upper lobe.")]
    [InlineData("There is a solid nodule in the left lower lobe, measuring 4.5 x 3.1 cm.")]
    [InlineData("Nodules in both lungs, the largest 62 mm.")]
    [InlineData("Enlarged mediastinal lymph nodes of up to 180 mm are seen.")]
    [InlineData("A 0 mm nodule is seen in the right upper lobe.")]
    [InlineData("The pulmonary trunk measures 290 mm.")]
    public void A_size_that_no_such_finding_has_is_found(string text) => Assert.Equal(FinishReason.Implausible, TextGuards.Judge(text, string.Empty));

    [Theory]
    [InlineData("A 30 mm nodule is seen in the right upper lobe.", "Right upper lobe nodule, 30 mm.")]
    [InlineData("A 45 mm mass is seen in the right upper lobe.", "")]
    [InlineData("A hypodense 38 mm nodule is seen in the right thyroid lobe.", "")]
    [InlineData("A 5 mm nodule lies 45 mm above the diaphragm in the left lower lobe.", "")]
    [InlineData("A 6 mm nodule in the right upper lobe (image 45). A 6 mm nodule in the right upper lobe (image 60).", "")]
    [InlineData("A 6 mm nodule in the right upper lobe. Another 6 mm nodule in the right upper lobe.", "")]
    [InlineData("A 6 mm nodule in the right upper lobe and a 6 mm nodule in the left upper lobe.", "Nodule of 6 mm in the left upper lobe.")]
    [InlineData("Bilateral pleural effusions, larger on the right.", "Right pleural effusion larger than the left.")]
    [InlineData("Small left pleural effusion. No pleural effusion on the right.", "")]
    [InlineData("Small left pleural effusion. No pericardial effusion.", "")]
    [InlineData("A small nodule in the lingula. No other nodule. No suspicious nodule elsewhere.", "")]
    [InlineData("A 6 mm nodule in the right upper lobe. The nodule in the right upper lobe is solid.", "")]
    [InlineData("A 6 mm nodule in the right lower lobe. The nodule abuts the left atrium.", "")]
    [InlineData("A 6 mm nodule in the right upper lobe and a 5 mm nodule in the left lower lobe. The nodule in the left lower lobe is calcified.", "")]
    [InlineData("Two nodules are seen. A 6 mm nodule in the right upper lobe. The nodule in the left lower lobe is calcified.", "")]
    [InlineData("Small right pleural effusion. The left pleural effusion has resolved.", "")]
    [InlineData("Small right pleural effusion. No pleural effusion on the left.", "The right pleural effusion is small.")]
    [InlineData("A 6 mm nodule in the right upper lobe. In the left lower lobe a 4 mm nodule is seen. The left lung also has a cyst.", "")]
    [InlineData("A 6 mm nodule in the right upper lobe. The left lung contains a 4 mm nodule.", "")]
    [InlineData("Enlarged right hilar lymph nodes. The left hilar lymph nodes are enlarged too.", "")]
    [InlineData("A 6 mm nodule in the right upper lobe. The largest nodule is in the left lower lobe.", "")]
    [InlineData("There is a right pleural effusion. The pleural effusion on the right has no septa.", "")]
    [InlineData("A 6 mm nodule in the right upper lobe. The nodule shows no calcification.", "Right upper lobe nodule.")]
    [InlineData("No large effusion. Trace right pleural effusion.", "")]
    [InlineData("Consolidation in the right lower lobe without pleural effusion.", "Pneumonia of the right lower lobe.")]
    [InlineData("The previously seen left pneumothorax has resolved. No pneumothorax.", "")]
    [InlineData("Lungs:\nUnremarkable.\nPleura:\nUnremarkable.\nPneumothorax: no", "No acute finding")]
    [InlineData("Lymph nodes of normal size are seen in the mediastinum. No enlarged lymph nodes.", "1. Normal chest CT.\n2. No follow-up is needed")]
    [InlineData("Centrilobular emphysema is present. Emphysema is most pronounced in the upper lobes.", "")]
    [InlineData("The ascending aorta measures 38 mm. No aneurysm. The pulmonary arteries are of normal width, no filling defect.", "")]
    [InlineData("The catheter ends in the superior vena cava. Approx. 3.5 mm calcified granuloma on the left.", "")]
    public void A_sound_text_is_left_alone(string findings, string impression) => Assert.Equal(FinishReason.Stop, TextGuards.Judge(findings, impression));
}
