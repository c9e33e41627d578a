using HSENet.Model;
using HSENet.Model.Text;
using HSENet.TestKit;
using HSENet.Trainer.FineTuning;

namespace HSENet.Trainer.Tests.FineTuning;

public sealed class PromptTemplateTests
{
    [Fact]
    public void There_are_42_distinct_requests_for_a_report()
    {
        Assert.Equal(42, PromptTemplates.Report.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.All(PromptTemplates.Report, prompt => Assert.DoesNotContain("{", prompt, StringComparison.Ordinal));
        Assert.All(PromptTemplates.Report, prompt => Assert.True(char.IsUpper(prompt[0]) && prompt[^1] is '.' or '?', prompt));
        Assert.Contains(PromptTemplates.EvaluationPrompt, PromptTemplates.Report);
    }

    [Fact]
    public void There_are_50_distinct_questions_for_a_place_and_each_names_the_finding_once()
    {
        Assert.Equal(50, PromptTemplates.Location.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.All(PromptTemplates.Location, prompt => Assert.Equal(2, prompt.Split(QuestionTemplates.Placeholder).Length));
        Assert.All(PromptTemplates.Location, prompt => Assert.EndsWith("?", prompt, StringComparison.Ordinal));
    }

    [Fact]
    public void A_site_brings_its_own()
    {
        using var folder = new TempFolder("prompts");
        File.WriteAllText(folder.Path("p.txt"), "Beschreibe das CT.\n\n  Beschreibe das CT.  \nBefund?\n");
        Assert.Equal(["Beschreibe das CT.", "Beschreibe das CT.", "Befund?"], PromptTemplates.For(FineTuneTaskKind.Report, folder.Path("p.txt")));
        Assert.Equal("prompt.templates", Assert.Throws<HSENetModelException>(() => PromptTemplates.For(FineTuneTaskKind.Vqa, folder.Path("p.txt"))).Code);
        File.WriteAllText(folder.Path("p.txt"), "Wo ist {abnormality}?\n");
        Assert.Equal(["Wo ist {abnormality}?"], PromptTemplates.For(FineTuneTaskKind.Vqa, folder.Path("p.txt")));
        File.WriteAllText(folder.Path("p.txt"), "\n");
        Assert.Equal("prompt.templates", Assert.Throws<HSENetModelException>(() => PromptTemplates.For(FineTuneTaskKind.Report, folder.Path("p.txt"))).Code);
        Assert.Equal("prompt.templates", Assert.Throws<HSENetModelException>(() => PromptTemplates.For(FineTuneTaskKind.Report, folder.Path("absent.txt"))).Code);
    }
}
