using System.Diagnostics;
using HSENet.Dicom.Receiving;
using HSENet.Dicom.Sending;
using HSENet.Worker.Configuration;
using HSENet.Worker.Hosting;
using HSENet.Worker.Observability;
using HSENet.Worker.Persistence;
using Microsoft.Extensions.Logging.Abstractions;

namespace HSENet.Worker.Demo;

/// <summary>The whole path in one process: scanner, service and PACS on free loopback ports, a database of its own.</summary>
internal sealed class DemoRun(DemoOptions options, WorkerSettings settings, TextWriter output)
{
    private const string ServiceAe = "HSENET";
    private const string PacsAe = "DEMOPACS";
    private const string ScannerAe = "DEMOSCANNER";
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(15);

    public async Task<DemoResult> RunAsync(CancellationToken cancellationToken)
    {
        var name = $"hsenet_demo_{Guid.CreateVersion7():N}";
        var scratch = Path.Combine(Path.GetTempPath(), name);
        output.WriteLine("preparing a database of its own");
        await using var database = await DemoDatabase.CreateAsync(
            settings.Database.MigrationConnectionString, settings.Database.ConnectionString, name, cancellationToken);
        await Migrator.MigrateAsync(database.OwnerConnectionString, cancellationToken);
        try
        {
            return await ServeAndSendAsync(database, Directory.CreateDirectory(scratch).FullName, cancellationToken);
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
        }
    }

    private async Task<DemoResult> ServeAndSendAsync(DemoDatabase database, string scratch, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Deadline);
        var pacs = new DemoPacs();
        await using var pacsScp = StoreScp.Start(new() { AeTitle = PacsAe, BindAddress = "127.0.0.1", Port = 0 }, pacs, NullLoggerFactory.Instance);
        var progress = new DemoProgress(output);
        output.WriteLine("starting the service");
        using var host = WorkerHost.Build(Arguments(database, scratch, pacsScp.Port), s => s.AddSingleton<IWorkObserver>(progress), isIsolated: true);
        await host.StartAsync(limit.Token);
        try
        {
            var port = await progress.Port.WaitAsync(limit.Token);
            var (files, drawn) = options.Files is { } given ? (given, []) : DemoSeries.Phantom(Path.Combine(scratch, "phantom"));
            output.WriteLine($"sending {files.Count} instances ({(options.Files is null ? $"chest phantom with {string.Join(", ", drawn)}" : "folder")})");
            var clock = Stopwatch.StartNew();
            await DemoSeries.SendAsync(new("127.0.0.1", port, ServiceAe, ScannerAe), files, new Dots(output, files.Count), limit.Token);
            var end = await progress.End.WaitAsync(limit.Token);
            var document = end is DemoEnd.Delivered ? await pacs.Received.ReadAsync(limit.Token) : null;
            var seconds = clock.Elapsed.TotalSeconds;
            return new(end, files.Count, drawn, document, seconds, await DemoAudit.ReadAsync(database.OwnerConnectionString, limit.Token));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested && limit.IsCancellationRequested)
        {
            throw new WorkerException("demo.timeout", $"no report within {Deadline.TotalMinutes:F0} minutes");
        }
        finally
        {
            await host.StopAsync(CancellationToken.None);
        }
    }

    /// <summary>
    /// The embedded defaults: one process, the in-memory queue, free ports, and a short quiet period. Of the user's settings only the database and the
    /// model count: a demo must not send to a real destination.
    /// </summary>
    private string[] Arguments(DemoDatabase database, string scratch, int pacsPort) =>
    [
        $"--HSENet:Model:Directory={settings.Model.Directory}",
        $"--HSENet:Model:Device={settings.Model.Device}",
        $"--HSENet:Model:Precision={settings.Model.Precision}",
        "--HSENet:Roles=gateway,inference",
        $"--HSENet:Database:ConnectionString={database.ServiceConnectionString}",
        $"--HSENet:Database:MigrationConnectionString={database.OwnerConnectionString}",
        $"--HSENet:Data:Directory={Path.Combine(scratch, "data")}",
        "--HSENet:Spool:MinimumFreeSpace=256MiB",
        "--HSENet:Queue:Transport=memory",
        $"--HSENet:Dicom:AeTitle={ServiceAe}",
        "--HSENet:Dicom:BindAddress=127.0.0.1",
        "--HSENet:Dicom:Port=0",
        "--HSENet:Series:QuietPeriod=00:00:01",
        "--HSENet:Destinations:0:Name=demo-pacs",
        $"--HSENet:Destinations:0:AeTitle={PacsAe}",
        "--HSENet:Destinations:0:Host=127.0.0.1",
        $"--HSENet:Destinations:0:Port={pacsPort}",
        "--HSENet:Destinations:0:AllowDemonstration=true",
        "--HSENet:Web:Url=http://127.0.0.1:0",
        "--Logging:LogLevel:Default=Warning",
    ];

    /// <summary>A line for every quarter of what was sent.</summary>
    private sealed class Dots(TextWriter output, int total) : IProgress<int>
    {
        public void Report(int value)
        {
            if (value == total || value % Math.Max(1, total / 4) == 0)
            {
                output.WriteLine($"  sent {value}/{total}");
            }
        }
    }
}

/// <param name="End">The report or the reason.</param>
/// <param name="InstancesSent">Instances that the service answered with success.</param>
/// <param name="Drawn">What was drawn into the phantom, in words.</param>
/// <param name="Document">The report as the PACS received it; null when there is none.</param>
/// <param name="Seconds">From the first byte sent to the end.</param>
/// <param name="Audit">The audit rows, one JSON object each, in order.</param>
internal sealed record DemoResult(DemoEnd End, int InstancesSent, IReadOnlyList<string> Drawn, byte[]? Document, double Seconds, IReadOnlyList<string> Audit);
