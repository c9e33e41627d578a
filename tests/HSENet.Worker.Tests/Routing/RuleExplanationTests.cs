using HSENet.Worker.Routing.Rules;

namespace HSENet.Worker.Tests.Routing;

public sealed class RuleExplanationTests
{
    [Fact]
    public void Every_part_of_a_rule_is_told_as_written_with_its_verdict()
    {
        var lines = Explain("Modality == \"CT\"  and (SliceThickness in 0.5..1.5 or not SeriesDescription matches \"(?i)lung\") and KVP exists and Rows != 512");
        Assert.Equal(
            [
                "0 and False",
                "1 Modality == \"CT\" True Modality",
                "1 or True",
                "2 SliceThickness in 0.5..1.5 False SliceThickness",
                "2 not True",
                "3 SeriesDescription matches \"(?i)lung\" False SeriesDescription",
                "1 KVP exists False KVP",
                "1 Rows != 512 True Rows",
            ],
            lines);
    }

    [Fact]
    public void One_clause_explains_itself() => Assert.Equal(["0 Rows in [\"256\", 512] False Rows"], Explain("Rows in [\"256\", 512]"));

    private static IEnumerable<string> Explain(string rule) => RuleExplanation
        .Of(RuleParser.Parse(rule, _ => true), new Attributes())
        .Select(l => $"{l.Depth} {l.Text} {l.Matches} {l.Keyword}".TrimEnd());

    private sealed class Attributes : IRuleAttributes
    {
        public IReadOnlyList<string> Values(string keyword) => keyword switch
        {
            "Modality" => ["CT"],
            "SliceThickness" => ["5"],
            "SeriesDescription" => ["Thorax"],
            _ => [],
        };
    }
}
