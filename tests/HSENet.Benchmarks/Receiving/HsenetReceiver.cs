using System.Globalization;
using HSENet.TestKit;

namespace HSENet.Benchmarks.Receiving;

/// <summary>Our <c>serve</c> as a process, with spool and PostgreSQL: the whole path to the answer, ledger and all.</summary>
internal sealed class HsenetReceiver : Receiver
{
    /// <summary>Runs a program with fsync and its like made void.</summary>
    public const string Eatmydata = "/usr/bin/eatmydata";

    private static readonly TimeSpan StartDeadline = TimeSpan.FromMinutes(2);

    private readonly TestDatabase _database;
    private readonly TempFolder _data;
    private readonly WorkerProcess _worker;

    private HsenetReceiver(string name, int port, TestDatabase database, TempFolder data, WorkerProcess worker)
        : base(name, port, "HSENET")
    {
        _database = database;
        _data = data;
        _worker = worker;
    }

    /// <summary>Peak resident set of the process, MiB.</summary>
    public double PeakMemoryMiB => Status("VmHWM:");

    /// <summary>Resident set now, MiB.</summary>
    public double MemoryMiB => Status("VmRSS:");

    /// <param name="isDurable">False: run under eatmydata (no fsync reaches the kernel) and without waiting for the database's log.</param>
    public static async Task<HsenetReceiver> StartAsync(string name, bool isDurable)
    {
        var database = await TestDatabase.CreateAsync();
        var data = new TempFolder("bench-hsenet");
        var port = FreePort.Next();
        var settings = new Dictionary<string, string?>
        {
            ["Database:ConnectionString"] = database.ServiceConnectionString + (isDurable ? "" : ";Options=-c synchronous_commit=off"),
            ["Database:MigrationConnectionString"] = database.OwnerConnectionString,
            ["Dicom:Port"] = port.ToString(CultureInfo.InvariantCulture),
            ["Data:Directory"] = data.Root,
            ["Spool:MinimumFreeSpace"] = "64MiB",
            ["Series:QuietPeriod"] = "00:30:00",
            ["Series:Deadline"] = "02:00:00",
        };
        var migrated = await WorkerProcess.RunAsync(["migrate"], StartDeadline, settings);
        if (migrated.ExitCode != 0)
            throw new InvalidOperationException(migrated.Everything);
        var worker = WorkerProcess.Start(["serve"], settings, under: isDurable ? null : [Eatmydata]);
        await worker.WaitForLineAsync(line => line.Contains("listening", StringComparison.Ordinal), StartDeadline, "the worker listens");
        return new HsenetReceiver(name, port, database, data, worker);
    }

    public override async ValueTask DisposeAsync()
    {
        await _worker.DisposeAsync();
        await _database.DisposeAsync();
        _data.Dispose();
    }

    // eatmydata ends in exec: the worker has the id of what was started
    private double Status(string field)
    {
        var line = File.ReadLines($"/proc/{_worker.Process.Id}/status").First(l => l.StartsWith(field, StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) / 1024.0;
    }
}
