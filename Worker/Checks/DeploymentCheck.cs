using System.Globalization;
using HSENet.Dicom.Sending;
using HSENet.Model;
using HSENet.Worker.Configuration;
using HSENet.Worker.Delivery;
using HSENet.Worker.Hosting;
using HSENet.Worker.Ingest;
using HSENet.Worker.Persistence;
using HSENet.Worker.Routing;

namespace HSENet.Worker.Checks;

/// <summary>
/// Looks at everything that <c>serve</c> needs, as it would use it and beside a service that runs: nothing is locked, changed or left behind. The model is loaded.
/// </summary>
internal sealed class DeploymentCheck(IFreeSpace freeSpace, TimeProvider time)
{
    private static readonly string[] Names = ["configuration", "database", "broker", "model directory", "spool space"];

    /// <param name="read">Reads the settings.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public Task<IReadOnlyList<CheckResult>> RunAsync(Func<WorkerSettings> read, CancellationToken cancellationToken) => RunAsync(read, isModelLoaded: true, cancellationToken);

    /// <param name="read">Reads the settings.</param>
    /// <param name="isModelLoaded">False: the model, which a running service has in its memory already, is left out.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<IReadOnlyList<CheckResult>> RunAsync(Func<WorkerSettings> read, bool isModelLoaded, CancellationToken cancellationToken)
    {
        WorkerSettings settings;
        DicomTls tls;
        try
        {
            settings = read();
            _ = RouteSet.Create(settings.Routes, settings);
            tls = new DicomTls(settings);
        }
        catch (WorkerException e)
        {
            return [new CheckResult(Names[0], e.Message), .. Names[1..].Select(name => new CheckResult(name, "not looked at without a valid configuration"))];
        }

        using (tls)
        {
            _ = settings.TryGetRoles(out var roles);
            var nodes = new DestinationNodes(settings, tls);
            var destinations = roles.HasFlag(WorkerRoles.Gateway) ? settings.Destinations : [];
            return await Task.WhenAll(
            [
                Task.FromResult(new CheckResult(Names[0], tls.Certificate is { } own && (own.NotAfter <= time.GetUtcNow() || own.NotBefore > time.GetUtcNow()) ? tls.TimeProblem(time.GetUtcNow()) : null)),
                Task.FromResult(new CheckResult(TimeZone(settings.Report.Zone), null)),
                LookAsync(Names[1], () => DatabaseAsync(settings.Database, cancellationToken), cancellationToken),
                LookAsync(Names[2], () => BrokerCheck.RunAsync(settings.Queue, cancellationToken), cancellationToken),
                .. isModelLoaded ? [LookAsync(Names[3], () => Task.Run(() => Model(settings.Model, roles), cancellationToken), cancellationToken)] : (Task<CheckResult>[])[],
                LookAsync(Names[4], () => Task.FromResult(new SpoolSpaceCheck(freeSpace).Run(settings)), cancellationToken),
                .. destinations.Select(d => LookAsync($"destination {d.Name}", () => EchoAsync(nodes.Of(d), cancellationToken), cancellationToken)),
            ]);
        }
    }

    private static async Task<CheckResult> LookAsync(string name, Func<Task<string?>> look, CancellationToken cancellationToken)
    {
        try
        {
            return new CheckResult(name, await look());
        }
        catch (WorkerException e)
        {
            return new CheckResult(name, $"{e.Message} ({e.Code})");
        }
        catch (HSENetModelException e)
        {
            return new CheckResult(name, $"{e.Message} ({e.Code})");
        }
#pragma warning disable CA1031 // one thing that breaks in an unforeseen way must not hide the others
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            return new CheckResult(name, $"{e.GetType().Name}: {e.Message}");
        }
    }

    /// <summary>Its name, and what its clock says against UTC, for whoever has to see that the reports' times will be right.</summary>
    private string TimeZone(TimeZoneInfo zone)
    {
        var offset = zone.GetUtcOffset(time.GetUtcNow());
        return string.Create(CultureInfo.InvariantCulture, $"time zone {zone.Id} (now UTC{(offset < TimeSpan.Zero ? '-' : '+')}{offset:hh\\:mm})");
    }

    private static async Task<string?> DatabaseAsync(DatabaseOptions options, CancellationToken cancellationToken)
    {
        await using var database = new Database(options.ConnectionString);
        await SchemaVersion.CheckAsync(database, cancellationToken);
        return null;
    }

    private static string? Model(ModelOptions options, WorkerRoles roles)
    {
        if (roles.HasFlag(WorkerRoles.Inference))
        {
            using var model = HSENetModel.Load(options.Directory, options.Device, options.Precision);
            return model.WritesReports ? null : $"{options.Directory} writes no reports: it has no prompt.report, or its adapters were trained for questions alone (model.incomplete)";
        }

        return null;
    }

    private static async Task<string?> EchoAsync(RemoteNode node, CancellationToken cancellationToken) =>
        await StoreScu.EchoAsync(node, cancellationToken) is { } failed ? $"C-ECHO to {node.CalledAe} at {node.Host}:{node.Port}: {failed.Detail} ({failed.Code})" : null;
}
