using HSENet.Model.Text;

namespace HSENet.Model.Tests.Text;

public sealed class ReportSectionsTests
{
    [Theory]
    [InlineData(" The lungs are clear.", "The lungs are clear.", "")]
    [InlineData("FINDINGS: Clear.\nIMPRESSION: Normal.", "Clear.", "Normal.")]
    [InlineData("Clear.\r\n\r\nImpression:\r\n1. Normal.\r\n2. Stable.", "Clear.", "1. Normal.\n2. Stable.")]
    [InlineData("Clear.\n conclusion : Normal.", "Clear.", "Normal.")]
    [InlineData("The impression: of a mass in the text is no heading.", "The impression: of a mass in the text is no heading.", "")]
    [InlineData("IMPRESSION: Normal.", "", "Normal.")]
    [InlineData("A.\nImpression: B.\nImpression: C.", "A.", "B.\nImpression: C.")]
    [InlineData("  \n ", "", "")]
    public void Text_is_cut_at_the_first_marker_line(string text, string findings, string impression) =>
        Assert.Equal(new ReportSections(findings, impression), ReportSections.Split(text));

    [Fact]
    public void Control_characters_and_a_cut_last_character_are_dropped() =>
        Assert.Equal(new ReportSections("a b\nc", ""), ReportSections.Split("a\u0007b\nc \ufffd"));
}
