using HSENet.Model.Configuration;
using HSENet.TestKit;
using static TorchSharp.torch;

namespace HSENet.Model.Tests.Facade;

/// <summary>The paper's comparisons as report directories: each loads from its hsenet.json, writes a report and answers a question.</summary>
public sealed class VariantReportTests : IDisposable
{
    private static readonly CtInput s_input = SyntheticChest.Make(slices: 16, side: 32);

    private readonly TempFolder _folder = new("variant");

    public static MatrixTheoryData<string, string, string> Variants { get; } = new(
        ["spatial-packer", "spatial-pooling", "sequence-pooling", "q-former"], ["both", "global", "local"], ["slices", "none"]);

    [Theory]
    [MemberData(nameof(Variants))]
    public void Variant_loads_and_writes_a_report(string kind, string towers, string guide)
    {
        var roles = VariantDirectory.Write(_folder.Root, VariantDirectory.Variant(kind, towers, guide));
        var isGuided = towers != "global" && guide == "slices";
        string[] expected = [.. new[]
        {
            towers != "local" ? WeightRoles.VisionStage1 : "", towers != "global" ? WeightRoles.VisionStage2 : "", isGuided ? WeightRoles.SliceEncoder : "",
            WeightRoles.Packers, WeightRoles.LanguageModel,
        }.Where(role => role.Length > 0)];
        Assert.Equal(expected, roles.Keys);
        Assert.Equal(towers != "local", roles[WeightRoles.Packers].Any(name => name.StartsWith("mm_projector.", StringComparison.Ordinal)));
        Assert.Equal(towers != "global", roles[WeightRoles.Packers].Any(name => name.StartsWith("mm_projector2.", StringComparison.Ordinal)));

        using var scope = NewDisposeScope();
        using var model = HSENetModel.Load(_folder.Root, "cpu");
        var encoding = model.Encode(s_input);
        Assert.Equal([1, (towers == "both" ? 2 : 1) * 2 * 2 * 1, VariantDirectory.Out], encoding.Tokens.shape);
        Assert.True(encoding.Tokens.isfinite().all().item<bool>());
        Assert.Equal(isGuided ? [1, VariantDirectory.Patches] : null, encoding.PatchScores?.shape);

        var report = model.Generate(s_input, null, default);
        Assert.True(report.Tokens > 0);
        Assert.Equal(isGuided ? (2, 4, 4) : null, report.PatchScores?.Grid);   // where nothing scores the patches, no score is shown
        Assert.Equal(report.Findings, model.Generate(s_input, null, default).Findings);
        Assert.True(model.Ask(s_input, "Where is it?", null, default).Tokens > 0);

        // the text depends on the volume: every variant looks at it
        using var logits = model.FirstLogits(encoding.Tokens);
        using var other = model.FirstLogits(model.Encode(SyntheticChest.Make(slices: 16, side: 32, lungRadius: 0.2, lesion: true)).Tokens);
        Assert.InRange((logits - other).abs().max().item<float>(), 1e-6f, 100);
    }

    [Theory]
    [InlineData("text")]
    [InlineData("text-cls")]
    public void Guide_that_is_a_text_is_refused_for_reports_that_are_not_written_yet(string guide)
    {
        foreach (var towers in (string[])["both", "local"])
        {
            var refusal = Assert.Throws<HSENetModelException>(() => VariantDirectory.Write(_folder.Path(towers), VariantDirectory.Variant("spatial-packer", towers, guide)));
            Assert.Equal("model.unsupported", refusal.Code);
            Assert.Contains("vision.guide", refusal.Message, StringComparison.Ordinal);
        }

        VariantDirectory.Write(_folder.Path("global"), VariantDirectory.Variant("spatial-packer", "global", guide));   // nothing is scored
        using var model = HSENetModel.Load(_folder.Path("global"), "cpu");
        Assert.True(model.Generate(s_input, null, default).Tokens > 0);
    }

    [Theory]
    [InlineData("spatial-packer", "spatial-pooling", "weights.unexpected")]
    [InlineData("spatial-pooling", "spatial-packer", "weights.missing")]
    [InlineData("spatial-packer", "q-former", "weights.missing")]
    [InlineData("q-former", "sequence-pooling", "weights.unexpected")]
    public void Weights_of_one_packer_under_the_name_of_another_are_refused(string written, string said, string code)
    {
        VariantDirectory.Write(_folder.Root, VariantDirectory.Variant(written, "both", "slices"));
        Rewrite(configuration => configuration with { Packer = configuration.Packer! with { Kind = said } });
        Assert.Equal(code, Assert.Throws<HSENetModelException>(() => HSENetModel.Load(_folder.Root, "cpu")).Code);
    }

    [Theory]
    [InlineData("global", "both", "model.incomplete")]
    [InlineData("local", "both", "model.incomplete")]
    [InlineData("global", "local", "model.incomplete")]
    public void Towers_that_the_directory_does_not_have_are_refused(string written, string said, string code)
    {
        VariantDirectory.Write(_folder.Root, VariantDirectory.Variant("spatial-packer", written, "none"));
        Rewrite(configuration => configuration with { Vision = configuration.Vision! with { Towers = said } });
        Assert.Equal(code, Assert.Throws<HSENetModelException>(() => HSENetModel.Load(_folder.Root, "cpu")).Code);
    }

    [Fact]
    public void Guide_that_the_weights_were_not_trained_with_is_refused()
    {
        VariantDirectory.Write(_folder.Path("none"), VariantDirectory.Variant("spatial-packer", "both", "none"));
        Rewrite(configuration => configuration with { Vision = configuration.Vision! with { Guide = "slices" } }, "none");
        Assert.Equal("model.incomplete", Assert.Throws<HSENetModelException>(() => HSENetModel.Load(_folder.Path("none"), "cpu")).Code);

        VariantDirectory.Write(_folder.Path("slices"), VariantDirectory.Variant("spatial-packer", "both", "slices"));
        Rewrite(configuration => configuration with { Vision = configuration.Vision! with { Guide = "none" } }, "slices");
        var refusal = Assert.Throws<HSENetModelException>(() => HSENetModel.Load(_folder.Path("slices"), "cpu"));
        Assert.Equal("weights.unexpected", refusal.Code);
        Assert.Contains("slice_guided_attention", refusal.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private void Rewrite(Func<ModelConfiguration, ModelConfiguration> change, params string[] folder)
    {
        var root = Path.Combine([_folder.Root, .. folder]);
        ModelDirectory.Write(root, change(ModelDirectory.Open(root).Configuration));
    }
}
