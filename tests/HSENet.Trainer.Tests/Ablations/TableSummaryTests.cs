using HSENet.Model.Vision;
using HSENet.Trainer.Ablations;

namespace HSENet.Trainer.Tests.Ablations;

/// <summary>The arithmetic of the tables, on numbers that were worked out by hand.</summary>
public sealed class TableSummaryTests
{
    private static readonly AblationArm s_plain = new("plain", ContrastiveVariant.Ours with { Guide = PatchGuide.None });
    private static readonly AblationArm s_text = new("text", ContrastiveVariant.Ours with { Guide = PatchGuide.Text });
    private static readonly AblationArm s_ours = new("ours", ContrastiveVariant.Ours);
    private static readonly AblationTable s_table = new("9", "a test", [("plain", s_plain), ("text", s_text), ("ours (published)", s_ours)], ["R@5", "R@1"]);

    [Fact]
    public void Mean_deviation_and_interval_are_those_of_the_sample()
    {
        var value = ValueSummary.Of([0.5, 0.6, 0.7]);
        Assert.Equal(0.6, value.Mean, 1e-12);
        Assert.Equal(0.1, value.StandardDeviation!.Value, 1e-12);
        Assert.Equal(0.248414, value.HalfWidth95!.Value, 1e-6);        // 4.302653 * 0.1 / sqrt(3)

        var five = ValueSummary.Of([1, 2, 3, 4, 5]);
        Assert.Equal(1.581139, five.StandardDeviation!.Value, 1e-6);
        Assert.Equal(1.963243, five.HalfWidth95!.Value, 1e-6);         // 2.776445 * 1.581139 / sqrt(5)
    }

    [Fact]
    public void One_seed_has_no_interval_and_decides_nothing()
    {
        var value = ValueSummary.Of([0.5]);
        Assert.Null(value.StandardDeviation);
        Assert.Null(value.HalfWidth95);
        Assert.Equal(ClaimVerdict.Undecided, ClaimSummary.Of("a", "b", [0.9], [0.1]).Verdict);
    }

    [Theory]
    [InlineData(0.30, 0.31, 0.32, 0.20, 0.20, 0.20, ClaimVerdict.Holds)]         // +0.11 +- 0.0248
    [InlineData(0.20, 0.20, 0.20, 0.30, 0.31, 0.32, ClaimVerdict.Reversed)]
    [InlineData(0.30, 0.20, 0.40, 0.20, 0.20, 0.20, ClaimVerdict.Undecided)]     // +0.10 +- 0.248
    [InlineData(0.30, 0.50, 0.90, 0.25, 0.44, 0.85, ClaimVerdict.Holds)]         // the spread of the seeds is in both: paired, it goes out
    public void A_comparison_is_paired_by_seed(double a1, double a2, double a3, double b1, double b2, double b3, object verdict) =>
        Assert.Equal(verdict, ClaimSummary.Of("a", "b", [a1, a2, a3], [b1, b2, b3]).Verdict);

    [Fact]
    public void A_table_tells_whether_the_order_holds()
    {
        var holds = Summary(plain: [0.20, 0.21, 0.22], text: [0.30, 0.30, 0.31], ours: [0.40, 0.41, 0.42]);
        Assert.Equal(ClaimVerdict.Holds, holds.Verdict);
        Assert.StartsWith("The paper's order holds. By R@5 the published setting has place 1 of 3; of 2 comparisons 2 hold, 0 are reversed and 0 are not told apart.", holds.Reading, StringComparison.Ordinal);

        var reversed = Summary(plain: [0.20, 0.21, 0.22], text: [0.50, 0.51, 0.52], ours: [0.40, 0.41, 0.42]);
        Assert.Equal(ClaimVerdict.Reversed, reversed.Verdict);
        Assert.StartsWith("The paper's order does not hold. By R@5 the published setting has place 2 of 3; of 2 comparisons 1 hold, 1 are reversed", reversed.Reading, StringComparison.Ordinal);

        var open = Summary(plain: [0.20, 0.50, 0.30], text: [0.30, 0.30, 0.31], ours: [0.40, 0.41, 0.42]);
        Assert.Equal(ClaimVerdict.Undecided, open.Verdict);
        Assert.StartsWith("Whether the paper's order holds is not decided.", open.Reading, StringComparison.Ordinal);
    }

    [Fact]
    public void The_text_of_a_table_is_as_written_here()
    {
        var text = TableText.Of([Summary(plain: [0.20, 0.21, 0.22], text: [0.30, 0.30, 0.33], ours: [0.40, 0.41, 0.42])], 3);
        Assert.EndsWith(
            """

            ### Table 9: a test

            | | R@5 | R@1 | seconds |
            |---|---|---|---|
            | plain | 0.210 ± 0.025 (0.010) | 0.105 ± 0.012 (0.005) | 12 |
            | text | 0.310 ± 0.043 (0.017) | 0.155 ± 0.022 (0.009) | 12 |
            | ours (published) | 0.410 ± 0.025 (0.010) | 0.205 ± 0.012 (0.005) | 12 |

            The paper's order holds. By R@5 the published setting has place 1 of 3; of 2 comparisons 2 hold, 0 are reversed and 0 are not told apart. Its places by the other columns: R@1 1.

            | first by the paper | other | difference of R@5 | |
            |---|---|---|---|
            | ours (published) | plain | +0.200 ± 0.000 (0.000) | holds |
            | ours (published) | text | +0.100 ± 0.025 (0.010) | holds |

            """.ReplaceLineEndings("\n"),
            text,
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_plan_has_the_papers_tables_and_trains_a_shared_arm_once()
    {
        Assert.Equal(["1b", "1c", "2b", "3", "5"], AblationPlan.Tables.Select(table => table.Id));
        Assert.Equal([4, 3, 4, 6, 4], AblationPlan.Tables.Select(table => table.Rows.Count));
        Assert.Contains("not by the course of its weight", AblationPlan.Tables[1].Notes, StringComparison.Ordinal);
        var arms = AblationPlan.Arms(AblationPlan.Tables);
        Assert.Equal(17, arms.Count);           // 21 rows; stage 2 as published is in two tables, its reports in three, both towers pooled in two
        Assert.Equal(arms.Count, arms.Select(arm => (arm.Contrastive, arm.Report)).Distinct().Count());
        Assert.All(AblationPlan.Tables.Take(2), table => Assert.Equal(ContrastiveVariant.Ours, table.Ours.Contrastive));
        Assert.All(AblationPlan.Tables.Skip(2), table => Assert.Equal(ReportVariant.Ours, table.Ours.Report));
    }

    private static TableSummary Summary(double[] plain, double[] text, double[] ours) => TableSummary.Of(s_table, arm => [..
        (arm.Id switch { "plain" => plain, "text" => text, _ => ours }).Select((value, index) => new ArmResult(
            arm.Id, index + 1, 12, new Dictionary<string, double> { ["R@5"] = value, ["R@1"] = value / 2 }, new Dictionary<string, string>(), new Dictionary<string, IReadOnlyList<int>>()))]);
}
