using System.Net;
using System.Text.Json;
using HSENet.Worker.Configuration;

namespace HSENet.Worker.Commands;

/// <summary><c>health [live|ready]</c>: asks the process that runs with these settings, for probes of supervisors that can run a command in its place but not reach its loopback.</summary>
internal static class HealthCommand
{
    /// <summary>Longer than a dependency may take to answer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static async Task<int> RunAsync(string[] args, CancellationToken cancellationToken)
    {
        var arguments = new CommandArguments(args);
        var what = arguments.Positional switch { [] => "ready", [("live" or "ready") and var one] => one, _ => throw new UsageException("health takes live or ready") };
        var web = SettingsReader.Read(arguments.Settings, Directory.GetCurrentDirectory()).Web;
        if (!web.IsEnabled)
        {
            throw new WorkerException("web.none", "HSENet:Web:Url is empty: there is nothing to ask");
        }

        using var client = new HttpClient { BaseAddress = new Uri(web.Url), Timeout = Patience };
        try
        {
            using var answer = await client.GetAsync(new Uri($"/health/{what}", UriKind.Relative), cancellationToken);
            var text = await answer.Content.ReadAsStringAsync(cancellationToken);
            if (answer.StatusCode != HttpStatusCode.OK)
            {
                throw new WorkerException("service.not-ready", what == "ready" ? Down(text) : $"{(int)answer.StatusCode}");
            }

            Console.Out.WriteLine(text);
            return ExitCode.Done;
        }
        catch (Exception e) when (e is HttpRequestException or JsonException || (e is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new WorkerException("web.unanswered", $"{client.BaseAddress}health/{what}: {e.GetType().Name}", e);
        }
    }

    /// <summary>What is down, with its codes.</summary>
    private static string Down(string text)
    {
        using var answer = JsonDocument.Parse(text);
        return string.Join(", ", answer.RootElement.GetProperty("dependencies").EnumerateObject()
            .Where(dependency => dependency.Value.GetProperty("state").GetString() == "down")
            .Select(dependency => $"{dependency.Name} ({dependency.Value.GetProperty("code").GetString()})"));
    }
}
