using System.CommandLine;
using System.Net;
using System.Text.Json;
using HSENet.Commands;
using HSENet.Worker.Observability;

namespace HSENet.Worker.Commands;

/// <summary><c>health [live|ready]</c>: asks the process that runs with these settings, for probes of supervisors that can run a command in its place but not reach its loopback.</summary>
internal static class HealthCommand
{
    /// <summary>Longer than a dependency may take to answer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static Command Create()
    {
        var what = new Argument<string>("WHAT")
        {
            Description = "live: the process works; ready: so does everything that it needs.",
            DefaultValueFactory = _ => "ready",
        };
        what.AcceptOnlyFromAmong("live", "ready");
        var command = new Command("health", "Asks the process that runs with these settings how it is: exit code 0 when it is well.") { what };
        var json = Parameters.Flag("--json", "Prints the answer as the service gives it.");
        command.Add(json);
        command.SetAction((result, cancellationToken) => RunAsync(result, result.GetRequiredValue(what), result.GetValue(json), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult result, string what, bool isJson, CancellationToken cancellationToken)
    {
        var web = result.Settings().Web;
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

            result.Output().WriteLine(isJson ? text : what == "live" ? $"the service at {client.BaseAddress} lives" : Text(text));
            return ExitCode.Done;
        }
        catch (Exception e) when (e is HttpRequestException or JsonException || (e is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new WorkerException("web.unanswered", $"{client.BaseAddress}health/{what}: {e.GetType().Name}", e);
        }
    }

    /// <summary>Each dependency in a line.</summary>
    private static string Text(string text)
    {
        using var answer = JsonDocument.Parse(text);
        return string.Join('\n', answer.RootElement.GetProperty("dependencies").EnumerateObject().Select(dependency =>
        {
            string? Value(string name) => dependency.Value.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
            return OperatorText.Clean(string.Join(' ', (string[])
            [
                $"{dependency.Name,-12} {Value("state")}",
                .. Value("code") is { } code ? [$"({code})"] : Array.Empty<string>(),
                .. Value("detail") is { } detail ? [detail] : Array.Empty<string>(),
            ]));
        }).Prepend("ready"));
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
