using System.Security.Cryptography;
using System.Text.Json;
using HSENet.Dicom.Series;
using HSENet.Worker.Configuration;
using HSENet.Worker.Messaging;
using HSENet.Worker.Routing.Rules;

namespace HSENet.Worker.Routing;

/// <summary>Routes that belong together: all of them were found right, and all of them count from the same moment on.</summary>
internal sealed class RouteSet
{
    private const short RoutinePriority = 1;

    private RouteSet(IReadOnlyList<Route> routes, string digest)
    {
        Routes = routes;
        Digest = digest;
    }

    public IReadOnlyList<Route> Routes { get; }

    /// <summary>SHA-256 (lower-case hex) over the configured routes: tells one set from another in the audit.</summary>
    public string Digest { get; }

    /// <summary>For logs and audit: names and modes.</summary>
    public override string ToString() => string.Join(", ", Routes.Select(r => $"{r.Name} ({r.Mode})"));

    /// <param name="routes">Valid routes (<see cref="RouteOptions.Validate(IReadOnlyList{RouteOptions}, IReadOnlyList{DestinationOptions})"/>); none: the default route.</param>
    /// <param name="settings">Those that the process runs with: its destinations and its model.</param>
    /// <exception cref="WorkerException"><c>configuration.invalid</c>: a destination that the process does not know, or a model that is not there.</exception>
    public static RouteSet Create(IReadOnlyList<RouteOptions> routes, WorkerSettings settings)
    {
        string[] all = [.. settings.Destinations.Select(d => d.Name)];
        var failures = new List<string>();
        for (var i = 0; i < routes.Count; i++)
        {
            foreach (var unknown in routes[i].Destinations.Except(all))
            {
                failures.Add($"HSENet:Routes:{i}:Destinations names {unknown}, which this process does not know: a new destination needs a restart");
            }

            if (routes[i].Model is { } model && ModelProblem(model, settings.Model) is { } problem)
            {
                failures.Add($"HSENet:Routes:{i}:Model {problem}");
            }
        }

        if (failures.Count > 0)
        {
            throw new WorkerException("configuration.invalid", string.Join("; ", failures));
        }

        var digest = Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(routes)));
        return new RouteSet(routes.Count == 0 ? [Default(settings, all)] : [.. routes.Select(r => ToRoute(r, settings, all))], digest);
    }

    /// <summary>CT that may be a chest, one report for each study, to everybody.</summary>
    private static Route Default(WorkerSettings settings, string[] destinations) =>
        new("default", null, "draft", settings.Model.DirectoryName, RoutinePriority, destinations, IsBestOnly: true);

    private static Route ToRoute(RouteOptions route, WorkerSettings settings, string[] destinations) => new(
        route.Name,
        RuleParser.Parse(route.When, SeriesAttributes.IsKnown),
        route.Mode,
        route.Model ?? settings.Model.DirectoryName,
        route.Priority == "stat" ? QueueNames.StatPriority : RoutinePriority,
        route.Mode != "draft" ? [] : route.Destinations.Count == 0 ? destinations : [.. route.Destinations.Distinct()],
        route.PerStudy == "best");

    /// <summary>
    /// A gateway alone may run where no model lies: then the names cannot be checked, and a wrong one ends in jobs that fail with <c>model.missing</c>.
    /// </summary>
    private static string? ModelProblem(string name, ModelOptions model) =>
        !Directory.Exists(model.Directory) || File.Exists(Path.Combine(ModelLocation.Beside(model, name), ModelLocation.ConfigurationFile))
            ? null
            : $"{name}: there is no model directory of this name beside {model.Directory}";
}
