using System.Text;

namespace HSENet.Worker.Tests.Settings;

/// <summary><c>deploy/docs/configuration.md</c>, whole.</summary>
internal static class ConfigurationPage
{
    public const string File = "deploy/docs/configuration.md";

    /// <summary>Writes the page when it is set in the environment of the tests.</summary>
    public const string WriteSwitch = "HSENET_WRITE_PAGES";

    private const string Head = """
        <!-- Made from Worker/Configuration by: HSENET_WRITE_PAGES=1 tests/run.sh Worker --filter ConfigurationPage -->
        # Configuration

        Every key of the section `HSENet`, from weak to strong: `appsettings.json` beside the program, `appsettings.json` in the folder it is started in, the environment
        (`HSENet__Dicom__Port=11112`), the command line (`--HSENet:Dicom:Port=11112`). `N` counts from 0. A key that is none, a value that is not of its type or a
        check that fails stops the start with `configuration.invalid`, which names the key; `hsenet-worker check` says the same and looks at what the settings lead to.
        Durations are `hh:mm:ss` or `d.hh:mm:ss`, sizes bytes or `200MiB`, `5GiB` (binary), relative paths begin at the folder it is started in. Routes are taken up
        from a changed file while the service runs; everything else at its start.

        This page is made from the program: types and defaults are those of its classes, the checks are what it answers to wrong values. A test fails when the page is behind.
        """;

    public static string Text()
    {
        var page = new StringBuilder(Head.ReplaceLineEndings("\n")).Append('\n');
        foreach (var (section, summary, options) in Options.Sections())
        {
            page.Append($"\n## {(section.Length == 0 ? "HSENet" : "HSENet:" + section.TrimEnd(':'))}\n\n{summary}\n\n| key | type | unit | default | check | |\n|---|---|---|---|---|---|\n");
            foreach (var option in options)
                page.Append($"| `{option.Key}` | {option.Type} | {option.Unit} | {Code(option.Default)} | {Cell(string.Join("; ", Checks.Of(option)))} | {Cell(option.Summary)} |\n");
        }

        return page.ToString();
    }

    private static string Code(string text) => text.Length == 0 ? "none" : $"`{text}`";

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
