using HSENet.Trainer.Evaluation.Labels;

namespace HSENet.Trainer.Tests.Evaluation;

public sealed class LabelerTests
{
    [Fact]
    public void Labels_stand_in_the_order_of_ct_rate() => Assert.Equal(GoldenText.Section("labeler_18", "label_order").Strings(), ChestLabels.CtRate);

    [Fact]
    public void Golden_sentences_get_their_labels()
    {
        foreach (var item in GoldenText.Section("labeler_18", "cases").EnumerateArray())
        {
            Assert.Equal(Sorted(item.GetProperty("labels").Strings()), Sorted(ReportLabeler.Labels(item.GetProperty("text").GetString()!)));
        }
    }

    [Theory]
    [InlineData("There is a nodule of 5.5 mm, no effusion elsewhere.", nameof(Certainty.Absent))]
    [InlineData("A nodule cannot be excluded.", nameof(Certainty.Uncertain))]
    [InlineData("Possible nodule in the right lung.", nameof(Certainty.Uncertain))]
    [InlineData("The nodule shows no significant change.", nameof(Certainty.Present))]
    [InlineData("The nodule has disappeared.", nameof(Certainty.Absent))]
    [InlineData("Nodule isn't seen.", nameof(Certainty.Absent))]
    [InlineData("Neither nodule nor mass.", nameof(Certainty.Absent))]
    [InlineData("A non-calcified nodule is present.", nameof(Certainty.Present))]
    public void A_clause_affirms_doubts_or_denies(string text, string expected) =>
        Assert.Equal(Enum.Parse<Certainty>(expected), Assert.Single(ReportLabeler.Mentions(text), mention => mention.Label == ChestLabels.LungNodule).Certainty);

    [Theory]
    [InlineData("Small right pleural effusion.", nameof(Side.Right))]
    [InlineData("Left-sided pleural effusion.", nameof(Side.Left))]
    [InlineData("Bilateral pleural effusions.", nameof(Side.Both))]
    [InlineData("Pleural effusion on the right and on the left.", nameof(Side.Both))]
    [InlineData("Pleural effusion.", nameof(Side.None))]
    [InlineData("No right pleural effusion, but a pleural effusion on the left.", nameof(Side.Left))]
    public void Sides_come_from_affirmed_clauses(string text, string expected) =>
        Assert.Equal(Enum.Parse<Side>(expected), ReportLabeler.Sides(ReportLabeler.Mentions(text), ChestLabels.PleuralEffusion));

    [Theory]
    [InlineData("Sternal sutures and a pacemaker are seen.", ChestLabels.MedicalMaterial)]
    [InlineData("The cardiothoracic ratio is increased.", ChestLabels.Cardiomegaly)]
    [InlineData("Pericardial effusion of 5 mm.", ChestLabels.PericardialEffusion)]
    [InlineData("Bronchial wall thickening.", ChestLabels.PeribronchialThickening)]
    [InlineData("Dilated bronchi in the left lower lobe.", ChestLabels.Bronchiectasis)]
    [InlineData("Mosaic perfusion.", ChestLabels.MosaicAttenuation)]
    [InlineData("Pleuroparenchymal sequelae.", ChestLabels.FibroticSequela)]
    [InlineData("Passive atelectasis.", ChestLabels.Atelectasis)]
    [InlineData("Consistent findings.", null)]
    [InlineData("Subcutaneous emphysema.", null)]
    [InlineData("Nodule in the left adrenal gland.", null)]
    [InlineData("Thickening of the nasal septum.", null)]
    [InlineData("", null)]
    public void Cues_and_exclusions_decide(string text, string? label) =>
        Assert.Equal(label is null ? [] : [label], ReportLabeler.Labels(text));

    private static IEnumerable<string> Sorted(IEnumerable<string> labels) => labels.Order(StringComparer.Ordinal);
}
