using System.Globalization;
using HSENet.Dicom.Codecs.Native;
using HSENet.Dicom.Files;
using HSENet.Dicom.Reports;
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
/// Looks at everything that <c>serve</c> needs, as it would use it and beside a service that runs: nothing is changed or left behind. The
/// model is loaded last, for that takes the whole machine, and what waits for an answer meanwhile would be told as broken.
/// </summary>
internal sealed class DeploymentCheck(IFreeSpace freeSpace, TimeProvider time)
{
    private const string Configuration = "configuration";
    private const string ModelDirectory = "model directory";
    private static readonly string[] Others = ["web port", "certificates", "database", "broker", ModelDirectory, "spool space"];

    /// <param name="read">Reads the settings.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public Task<IReadOnlyList<CheckResult>> RunAsync(Func<WorkerSettings> read, CancellationToken cancellationToken) =>
        RunAsync(read, isRunning: false, cancellationToken);

    /// <param name="read">Reads the settings.</param>
    /// <param name="isRunning">The service asks of itself: its own ports, lock and model are left out.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<IReadOnlyList<CheckResult>> RunAsync(Func<WorkerSettings> read, bool isRunning, CancellationToken cancellationToken)
    {
        WorkerSettings settings;
        try
        {
            settings = read();
            _ = RouteSet.Create(settings.Routes, settings);
        }
        catch (WorkerException e)
        {
            return [new CheckResult(Configuration, e.Message), .. Others.Select(name => new CheckResult(name, "not looked at without a valid configuration") { IsLeftOut = true })];
        }

        var isGateway = settings.Has(WorkerRoles.Gateway);
        var (problem, tls) = new CertificateCheck(time).Run(settings);
        using (tls)
        {
            var nodes = tls is null ? null : new DestinationNodes(settings, tls);
            var certificates = new CheckResult("certificates", problem);
            var results = new List<CheckResult> { new(Configuration, null), new($"DICOM toolkit {ToolkitIdentity.Text}", null), new(TimeZone(settings.Report.Zone), null), Codecs(settings) };
            results.AddRange(await Task.WhenAll(
            [
                .. isRunning ? [] : Own(settings, isGateway, cancellationToken),
                Task.FromResult(certificates),
                LookAsync("database", () => DatabaseAsync(settings.Database, cancellationToken), cancellationToken),
                LookAsync("broker", () => BrokerCheck.RunAsync(settings.Queue, cancellationToken), cancellationToken),
                LookAsync("spool space", () => Task.FromResult(new SpoolSpaceCheck(freeSpace).Run(settings)), cancellationToken),
                .. (isGateway ? settings.Destinations : []).Select(
                    d => LookAsync($"destination {d.Name}", () => NegotiateAsync(nodes?.Of(d), d, cancellationToken), cancellationToken)),
            ]));
            if (!isRunning)
            {
                var isUsed = settings.Has(WorkerRoles.Inference);
                var model = await LookAsync(ModelDirectory, () => Task.Run(() => Model(settings.Model, isUsed), cancellationToken), cancellationToken);
                results.Insert(results.FindIndex(r => r.Name == "spool space"), model);
            }

            if (isGateway && settings.Destinations.Count == 0)
            {
                results.Add(new("destinations: none, reports are kept and sent to nobody", null));
            }

            return results;
        }
    }

    /// <summary>No fault: a site whose senders do not compress needs none of them. What is absent, and what to install, is in the line.</summary>
    private static CheckResult Codecs(WorkerSettings settings) => new(SystemCodec.Describe(SystemCodecs.Start(settings.Codecs.ToLimits())), null);

    /// <summary>What a service of these settings has to itself.</summary>
    private IEnumerable<Task<CheckResult>> Own(WorkerSettings settings, bool isGateway, CancellationToken cancellationToken)
    {
        var folder = new DataFolderCheck(settings);
        var ports = new PortCheck(settings, folder);
        var dicom = settings.Dicom;
        if (isGateway && !(dicom.Tls.Enabled && dicom.Tls.Port == dicom.Port))
        {
            yield return LookAsync("DICOM port", () => Task.FromResult(ports.Dicom(dicom.Port, "HSENet:Dicom:Port")), cancellationToken);
        }

        if (isGateway && dicom.Tls.Enabled)
        {
            yield return LookAsync("DICOM TLS port", () => Task.FromResult(ports.Dicom(dicom.Tls.Port, "HSENet:Dicom:Tls:Port")), cancellationToken);
        }

        yield return LookAsync("web port", () => ports.WebAsync(cancellationToken), cancellationToken);
        if (isGateway)
        {
            yield return LookAsync("data folder", () => Task.FromResult(folder.Run()), cancellationToken);
        }
    }

    /// <summary>For tests: each name when its look begins.</summary>
    internal Action<string>? Looked { get; init; }

    private async Task<CheckResult> LookAsync(string name, Func<Task<string?>> look, CancellationToken cancellationToken)
    {
        Looked?.Invoke(name);
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

    private static string? Model(ModelOptions options, bool isUsed)
    {
        if (isUsed)
        {
            using var model = HSENetModel.Load(options.Directory, options.Device, options.Precision);
            return model.WritesReports ? null : $"{options.Directory} writes no reports: it has no prompt.report, or its adapters were trained for questions alone (model.incomplete)";
        }

        return null;
    }

    /// <summary>Associates as a delivery does, with the SR classes that the settings allow, and echoes.</summary>
    private static async Task<string?> NegotiateAsync(RemoteNode? node, DestinationOptions destination, CancellationToken cancellationToken)
    {
        if (node is null)
        {
            return "not looked at without the certificates";
        }

        SrClass[] wanted = SrClasses.Parse(destination.SrClass) is { } set ? [set] : [.. SrClasses.All];
        var (accepted, failed) = await StoreScu.NegotiateAsync(node, [.. wanted.Select(c => c.SopClass())], cancellationToken);
        var where = $"{node.CalledAe} at {node.Host}:{node.Port}";
        return failed is not null ? $"C-ECHO to {where}: {failed.Detail} ({failed.Code})"
            : SrClasses.Best(accepted) is null ? $"{where} takes no report: {string.Join(", ", wanted.Select(c => c.SopClass().UID))} refused, HSENet:Destinations SrClass is {destination.SrClass} (delivery.refused-context)"
            : null;
    }
}
