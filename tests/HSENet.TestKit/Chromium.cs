using System.Text.RegularExpressions;

namespace HSENet.TestKit;

/// <summary>A real browser without a window (Debian's chromium-headless-shell or chromium), for pages that we write.</summary>
public static partial class Chromium
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromMinutes(3);

    /// <summary>Opens a page, lets its scripts run, and gives the document as it is then.</summary>
    /// <param name="page">A file.</param>
    /// <param name="folder">For the browser's own files.</param>
    /// <param name="arguments">More of the browser's options.</param>
    /// <returns>The document as HTML, and what the page or the browser complained of.</returns>
    public static async Task<(string Document, IReadOnlyList<string> Complaints)> OpenAsync(string page, string folder, params string[] arguments)
    {
        await using var browser = ChildProcess.Start(
            Program(),
            [
                "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars", "--enable-logging=stderr", "--virtual-time-budget=20000",
                $"--user-data-dir={Path.Combine(folder, "browser")}", .. arguments, "--dump-dom", new Uri(page).AbsoluteUri,
            ]);
        var code = await browser.WaitForExitAsync(s_deadline);
        return code == 0
            ? (browser.Text(isError: false), [.. browser.Lines.Where(line => line.IsError && Complaint().IsMatch(line.Text)).Select(line => line.Text)])
            : throw new InvalidOperationException($"The browser ended with {code}:\n{browser.Tail()}");
    }

    private static string Program() => Array.Find(["/usr/bin/chromium-headless-shell", "/usr/bin/chromium"], File.Exists) ?? Requirement.Tool("chromium-headless-shell");

    [GeneratedRegex(@"CONSOLE|Refused to|Content Security Policy")]
    private static partial Regex Complaint();
}
