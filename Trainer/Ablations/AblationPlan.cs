using HSENet.Model.Vision;
using HSENet.Trainer.Contrastive;

namespace HSENet.Trainer.Ablations;

/// <summary>The paper's tables 1b, 1c, 2b, 3 and 5, and the arms that they share.</summary>
internal static class AblationPlan
{
    private const string ByReport = "Guides of text are made of the report that retrieval searches for, so their R@K holds the answer; the last column guides each volume by another case's.";

    private const string ByForm =
        "The rows differ by the form of the loss, not by the course of its weight: that takes 5,000 steps to fall from 0.1 to 0, and a run has far fewer (at the default settings 90: from 0.1 to 0.098).";

    /// <summary>The published stage 2, on whose towers all reports are written.</summary>
    public static AblationArm PublishedStage2 { get; } = new("stage2-ours", ContrastiveVariant.Ours);

    private static readonly AblationArm s_ours = new("report-ours", ReportVariant.Ours);
    private static readonly AblationArm s_bothPooled = Report("both-spatial-pooling", "both", PackerKind.SpatialPooling);
    private static readonly AblationArm s_globalPooled = Report("global-spatial-pooling", "global", PackerKind.SpatialPooling);
    private static readonly AblationArm s_localPooled = Report("local-spatial-pooling", "local", PackerKind.SpatialPooling);
    private static readonly AblationArm s_globalPacked = Report("global-spatial-packer", "global", PackerKind.SpatialPacker);
    private static readonly AblationArm s_localPacked = Report("local-spatial-packer", "local", PackerKind.SpatialPacker);

    /// <summary>R@1 decides: R@5 of a hundred phantoms is near its ceiling already with the shipped stage 1.</summary>
    private static readonly string[] s_retrieval = [MetricNames.RecallAt1, MetricNames.RecallAt5, MetricNames.RecallAt10, MetricNames.RecallAt5OtherGuide];
    private static readonly string[] s_report = [MetricNames.LabelMicroF1, MetricNames.LabelMacroF1, MetricNames.SidesRight, MetricNames.HSENetBleu4, MetricNames.RougeL];

    public static IReadOnlyList<AblationTable> Tables { get; } =
    [
        new("1b", "what scores the patches of stage 2",
            [
                ("no scores", Guided("none", PatchGuide.None)), ("class token of the text", Guided("text-cls", PatchGuide.TextCls)),
                ("tokens of the text", Guided("text", PatchGuide.Text)), ("slices (published)", PublishedStage2),
            ],
            s_retrieval, ByReport),
        new("1c", "semantic consistency loss of stage 2",
            [
                ("without", Consistent("off", ConsistencyForm.FullMatrix, ConsistencySchedule.Off)),
                ("as printed: diagonal, constant weight", Consistent("printed", ConsistencyForm.Diagonal, ConsistencySchedule.Constant)),
                ("as coded: full matrix, falling weight (published)", PublishedStage2),
            ],
            s_retrieval, ByForm),
        new("2b", "what turns patches into visual tokens",
            [
                ("Q-Former", Report("both-q-former", "both", PackerKind.QFormer)), ("sequence pooling", Report("both-sequence-pooling", "both", PackerKind.SequencePooling)),
                ("spatial pooling", s_bothPooled), ("spatial packer (published)", s_ours),
            ],
            s_report),
        new("3", "towers, with and without the packer",
            [
                ("(a) stage 1, pooled", s_globalPooled), ("(b) stage 2, pooled", s_localPooled), ("(c) both, pooled", s_bothPooled),
                ("(d) stage 1, packer", s_globalPacked), ("(e) stage 2, packer", s_localPacked), ("both, packer (published)", s_ours),
            ],
            s_report, "Without the packer is the average of the same windows, so that a row has as many visual tokens a tower.")
        {
            Further = [(s_globalPacked, s_globalPooled), (s_localPacked, s_localPooled), (s_bothPooled, s_globalPooled), (s_bothPooled, s_localPooled)],
        },
        new("5", "points of the packer",
            [
                ("32: (8,2,2), window 1 x 8 x 8", Points("points-32", (1, 8, 8))), ("64: (4,4,4), window 2 x 4 x 4", Points("points-64", (2, 4, 4))),
                ("256: (4,8,8), window 2 x 2 x 2", Points("points-256", (2, 2, 2))), ("128: (8,4,4), window 1 x 4 x 4 (published)", s_ours),
            ],
            s_report, "Points a tower at full size (8 x 16 x 16 patches); here the windows are the same and the grid is smaller."),
    ];

    /// <summary>The arms of some tables, each once; stage 2 first.</summary>
    public static IReadOnlyList<AblationArm> Arms(IEnumerable<AblationTable> tables) =>
        [.. tables.SelectMany(table => table.Rows).Select(row => row.Arm).DistinctBy(arm => arm.Id, StringComparer.Ordinal).OrderBy(arm => arm.Report is null ? 0 : 1)];

    private static AblationArm Guided(string name, PatchGuide guide) => new($"stage2-guide-{name}", ContrastiveVariant.Ours with { Guide = guide });

    private static AblationArm Consistent(string name, ConsistencyForm form, ConsistencySchedule schedule) =>
        new($"stage2-consistency-{name}", ContrastiveVariant.Ours with { Form = form, Schedule = schedule });

    private static AblationArm Report(string name, string towers, PackerKind packer) => new($"report-{name}", ReportVariant.Ours with { Towers = towers, Packer = packer });

    private static AblationArm Points(string name, (int D, int H, int W) window) => new($"report-{name}", ReportVariant.Ours with { Window = window });
}
