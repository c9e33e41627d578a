using System.Text.RegularExpressions;
using HSENet.TestKit;
using HSENet.Trainer.Tests.Evaluation.Runs;

namespace HSENet.Trainer.Tests.Evaluation.Pages;

/// <summary>The page in a real browser.</summary>
public sealed partial class EvaluationPageTests(EvaluationWorld world) : IClassFixture<EvaluationWorld>, IDisposable
{
    private readonly TempFolder _folder = new("page");

    [Fact]
    public async Task Page_of_reports_draws_itself_without_complaint_and_turns_with_the_keys()
    {
        var target = world.NewOut("page");
        EventBytes.Write(_folder.Path("run", "events.out.tfevents.1"), [.. Enumerable.Range(0, 50).Select(step => ("loss", (long)step, 5f / (step + 1)))]);
        world.Run("report", target, "--run", _folder.Path("run")).Done();
        var html = await File.ReadAllTextAsync(Path.Combine(target, "evaluation.html"));
        Assert.DoesNotMatch(Elsewhere(), html);

        // a person at the keyboard: turns the first cloud and asks for more points
        const string Person = """
            <script>
            const cloud = document.querySelector("[data-cloud]"), canvas = cloud.querySelector("canvas"), share = cloud.querySelector("[data-share]");
            const before = canvas.toDataURL(), few = Number(canvas.dataset.drawn);
            canvas.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowLeft", cancelable: true }));
            document.body.dataset.turned = canvas.toDataURL() !== before;
            share.value = 100; share.dispatchEvent(new Event("input"));
            document.body.dataset.more = Number(canvas.dataset.drawn) > few;
            document.body.dataset.all = canvas.dataset.drawn;
            document.body.dataset.pictures = [...document.images].every(image => image.complete && image.naturalWidth > 0);
            document.body.dataset.wide = document.documentElement.scrollWidth <= innerWidth;
            </script>
            """;
        var page = _folder.Path("page.html");
        await File.WriteAllTextAsync(page, html.Replace("</body>", Person + "</body>", StringComparison.Ordinal));
        var (document, complaints) = await Chromium.OpenAsync(page, _folder.Root, "--window-size=1200,900");
        Assert.Empty(complaints);
        var body = Body().Match(document).Value;
        foreach (var expected in new[] { "data-turned=\"true\"", "data-more=\"true\"", "data-all=\"64\"", "data-pictures=\"true\"", "data-wide=\"true\"" })
        {
            Assert.Contains(expected, body, StringComparison.Ordinal);
        }

        foreach (var heading in new[] { "Text against the references", "Findings", "Time", "Examples", "Patch scores", "Training curves" })
        {
            Assert.Contains($"<h2>{heading}</h2>", document, StringComparison.Ordinal);
        }

        Assert.Contains("demonstration model, not for clinical use", document, StringComparison.Ordinal);
        Assert.Equal(2 * 4, Slice().Count(document));   // two studies, four depths
    }

    [Theory]
    [InlineData("retrieval", "Recall")]
    [InlineData("vqa", "By kind of question")]
    public async Task Pages_of_the_other_tasks_fit_a_telephone(string task, string heading)
    {
        var target = world.NewOut(task);
        world.Run(task, target).Done();
        const string Measure = "<script>document.body.dataset.wide = document.documentElement.scrollWidth <= innerWidth;</script>";
        var page = _folder.Path("page.html");
        await File.WriteAllTextAsync(page, (await File.ReadAllTextAsync(Path.Combine(target, "evaluation.html"))).Replace("</body>", Measure + "</body>", StringComparison.Ordinal));
        var (document, complaints) = await Chromium.OpenAsync(page, _folder.Root, "--window-size=500,900");
        Assert.Empty(complaints);
        Assert.Contains($"<h2>{heading}</h2>", document, StringComparison.Ordinal);
        Assert.Contains("data-wide=\"true\"", Body().Match(document).Value, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>Anything that would be fetched.</summary>
    [GeneratedRegex(@"https?://|src=""(?!data:)|@import|url\((?!data:)")]
    private static partial Regex Elsewhere();

    [GeneratedRegex("<body[^>]*>")]
    private static partial Regex Body();

    [GeneratedRegex("class=\"slice\"")]
    private static partial Regex Slice();
}
