using HSENet.Worker.Routing.Rules;

namespace HSENet.Worker.Tests.Routing;

public sealed class RuleTests
{
    private static readonly Dictionary<string, string[]> ChestCt = new()
    {
        ["Modality"] = ["CT"],
        ["SeriesDescription"] = ["Thorax 1.0 Br40 \"soft\""],
        ["SliceThickness"] = ["1.0"],
        ["ImageType"] = ["ORIGINAL", "PRIMARY", "AXIAL"],
        ["Rows"] = ["512"],
        ["KVP"] = ["not a number"],
        ["StudyDate"] = ["20260301"],
        ["BodyPartExamined"] = [],
    };

    [Theory]
    [InlineData("Modality == \"CT\"", true)]
    [InlineData("Modality == \"ct\"", false)]
    [InlineData("Modality != \"CT\"", false)]
    [InlineData("Modality == \"CT\" and SeriesDescription matches \"(?i)chest|thorax\"", true)]
    [InlineData("SeriesDescription matches \"^thorax\"", false)]
    [InlineData("SeriesDescription matches \"\\\"soft\\\"$\"", true)]
    [InlineData("SeriesDescription matches \"\\d\\.\\d\"", true)]
    [InlineData("SliceThickness <= 1", true)]
    [InlineData("SliceThickness < 1", false)]
    [InlineData("SliceThickness > 0.999", true)]
    [InlineData("SliceThickness == 1", true)]
    [InlineData("SliceThickness == \"1\"", false)]
    [InlineData("SliceThickness in 0.5..1.5", true)]
    [InlineData("SliceThickness in 1.5..2", false)]
    [InlineData("SliceThickness in -1..1", true)]
    [InlineData("Rows in [256, 512]", true)]
    [InlineData("Modality in [\"MR\", \"PT\"]", false)]
    [InlineData("ImageType == \"AXIAL\"", true)]
    [InlineData("ImageType != \"AXIAL\"", false)]
    [InlineData("not ImageType == \"LOCALIZER\"", true)]
    [InlineData("KVP > 0 or KVP <= 0", false)]
    [InlineData("StudyDate >= \"20260101\" and StudyDate < \"20260401\"", true)]
    [InlineData("Modality exists", true)]
    [InlineData("BodyPartExamined exists", false)]
    [InlineData("PatientSex exists", false)]
    [InlineData("PatientSex != \"M\"", true)]
    [InlineData("PatientSex == \"\"", false)]
    public void A_test_compares_the_values_of_its_attribute(string rule, bool expected) => Assert.Equal(expected, Matches(rule));

    [Theory]
    [InlineData("Rows == 1 and Rows == 1 or Rows == 512", true)]
    [InlineData("Rows == 512 or Rows == 1 and Rows == 1", true)]
    [InlineData("(Rows == 512 or Rows == 1) and Rows == 1", false)]
    [InlineData("not Rows == 1 and Rows == 1", false)]
    [InlineData("not (Rows == 1 and Rows == 1)", true)]
    [InlineData("not not Rows == 512", true)]
    public void Not_binds_before_and_and_before_or(string rule, bool expected) => Assert.Equal(expected, Matches(rule));

    [Theory]
    [InlineData("", 1, "an attribute")]
    [InlineData("Modality", 9, "exists")]
    [InlineData("Modality = \"CT\"", 10, "unexpected")]
    [InlineData("Modality == CT", 13, "a number or a text in quotes")]
    [InlineData("Modality == \"CT", 13, "closing quote")]
    [InlineData("Modality == \"CT\" Rows == 1", 18, "and, or")]
    [InlineData("Modality == \"CT\" and", 21, "an attribute")]
    [InlineData("and == 1", 1, "an attribute")]
    [InlineData("Modalty == \"CT\"", 1, "not the keyword")]
    [InlineData("(Modality == \"CT\"", 18, "\")\"")]
    [InlineData("Rows in 5..1", 12, "ends before it begins")]
    [InlineData("Rows in []", 10, "a number or a text in quotes")]
    [InlineData("Rows in [1", 11, "\"]\"")]
    [InlineData("Rows == 5mm", 9, "letter")]
    [InlineData("Modality matches \"(\"", 18, "regular expression")]
    [InlineData("Modality matches \"(?=CT)\"", 18, "regular expression")]
    [InlineData("Modality ; 1", 10, "unexpected")]
    public void What_is_no_rule_is_refused_with_its_place(string rule, int place, string problem)
    {
        var failure = Assert.Throws<RuleSyntaxException>(() => Matches(rule));
        Assert.StartsWith($"at character {place}:", failure.Message, StringComparison.Ordinal);
        Assert.Contains(problem, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_rule_has_bounds()
    {
        Assert.Throws<RuleSyntaxException>(() => Matches(new string('(', 5000)));
        Assert.Throws<RuleSyntaxException>(() => Matches(string.Concat(Enumerable.Repeat("not ", 200)) + "Rows == 1"));
        Assert.True(Matches(string.Join(" or ", Enumerable.Repeat("Rows == 512", 200))));
    }

    private static bool Matches(string rule) => RuleParser.Parse(rule, k => ChestCt.ContainsKey(k) || k == "PatientSex").Matches(new Attributes());

    private sealed class Attributes : IRuleAttributes
    {
        public IReadOnlyList<string> Values(string keyword) => ChestCt.GetValueOrDefault(keyword, []);
    }
}
