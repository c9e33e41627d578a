using HSENet.Worker.Configuration;
using HSENet.Worker.Routing.Rules;

namespace HSENet.Worker.Routing;

/// <summary>The routes in force. A series is routed by those that are in force when it closes.</summary>
/// <exception cref="WorkerException"><c>configuration.invalid</c>.</exception>
internal sealed class RouteTable(WorkerSettings settings)
{
    private volatile RouteSet _current = RouteSet.Create(settings.Routes, settings);

    public RouteSet Current => _current;

    /// <summary>Every route for a series that the header judgement let pass.</summary>
    public IReadOnlyList<Route> Match(IRuleAttributes attributes) => [.. _current.Routes.Where(r => r.Matches(attributes))];

    /// <summary>From now on.</summary>
    public void Replace(RouteSet routes) => _current = routes;
}
