using System.Text.Json;
using HSENet.Worker.Audit;
using HSENet.Worker.Configuration;
using HSENet.Worker.Hosting;
using HSENet.Worker.Persistence;

namespace HSENet.Worker.Routing;

/// <summary>
/// Takes up changed routes without a restart: all of them or, when anything in the settings is wrong, none; then the old ones go on. Both are told in log and audit, once
/// for each change. Other settings count from the next start.
/// </summary>
internal sealed class RouteReload(
    SettingsSource source, WorkerSettings settings, RouteTable routes, Database database, SweepLoop loop, ILogger<RouteReload> log) : BackgroundService
{
    private readonly string _others = Others(settings);
    private string _looked = source.Initial;
    private string _inForce = source.Initial;
    private bool _isRestartTold;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => loop.RunAsync("settings", new WakeSignal(), SweepAsync, stoppingToken);

    /// <summary>One look at the files.</summary>
    internal async Task<bool> SweepAsync(CancellationToken cancellationToken)
    {
        var now = source.Fingerprint();
        if (now == _looked)
        {
            return false;
        }

        try
        {
            await TakeUpAsync(now, cancellationToken);
        }
        catch (WorkerException e)
        {
            RoutingLog.Refused(log, e.Code, e.Message);
            await AuditAsync(AuditOutcome.SeriousFailure, e.Code, routes.Current, e.Message, cancellationToken);
        }

        _looked = now;
        return false;
    }

    private async Task TakeUpAsync(string fingerprint, CancellationToken cancellationToken)
    {
        var fresh = source.Read(_inForce);
        var next = RouteSet.Create(fresh.Routes, settings);
        if (next.Digest != routes.Current.Digest)
        {
            // the row first: routes that nobody can trace must not count
            await AuditAsync(AuditOutcome.Success, null, next, null, cancellationToken);
            routes.Replace(next);
            RoutingLog.Changed(log, next.ToString());
        }

        _inForce = fingerprint;
        if (Others(fresh) != _others && !_isRestartTold)
        {
            RoutingLog.NeedRestart(log);
            _isRestartTold = true;
        }
    }

    private async Task AuditAsync(AuditOutcome outcome, string? reason, RouteSet set, string? problem, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await connection.WriteAsync(
            new AuditEvent(AuditKind.RoutesChanged, outcome, AuditEvent.Service)
            {
                Reason = reason,
                Details = new Dictionary<string, object?>
                {
                    ["host"] = Environment.MachineName,
                    ["in_force"] = set.ToString(),
                    ["digest"] = set.Digest,
                    ["problem"] = problem,
                },
            },
            cancellationToken);
    }

    /// <summary>Everything but the routes, to be compared and not kept.</summary>
    private static string Others(WorkerSettings settings)
    {
        using var document = JsonSerializer.SerializeToDocument(settings);
        return string.Join('\n', document.RootElement.EnumerateObject().Where(p => p.Name != nameof(WorkerSettings.Routes)).Select(p => $"{p.Name} {p.Value.GetRawText()}"));
    }
}
