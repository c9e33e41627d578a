using HSENet.Worker.Configuration;

namespace HSENet.Worker.Routing;

/// <summary>What is to be done with a closed series.</summary>
/// <param name="Name">Name in rows and logs.</param>
/// <param name="Mode"><c>draft</c> (delivered) or <c>shadow</c> (kept).</param>
/// <param name="Model">Name of the model directory.</param>
/// <param name="Priority">1 routine, 2 stat.</param>
/// <param name="Destinations">Names of the destinations that the report goes to; none in shadow mode.</param>
internal sealed record Route(string Name, string Mode, string Model, short Priority, IReadOnlyList<string> Destinations);

/// <summary>The routes of this installation: until rules are evaluated, the default one for every series that may be a chest CT.</summary>
internal sealed class RouteTable(WorkerSettings settings)
{
    private readonly Route[] _routes =
    [
        new("default", "draft", settings.Model.DirectoryName, Priority: 1, [.. settings.Destinations.Select(d => d.Name)]),
    ];

    /// <summary>Routes for a series that the header judgement let pass.</summary>
    public IReadOnlyList<Route> Match() => _routes;
}
