using System.Globalization;
using HSENet.TestKit;
using HSENet.Worker.Hosting;
using HSENet.Worker.Inference;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace HSENet.Benchmarks.Pipeline;

/// <summary>
/// <c>serve</c> with <see cref="SleepingModel"/> as a process of its own. This program is its executable too: its argument <see cref="Command"/> is for that and for nobody else.
/// </summary>
internal static class SleepingWorker
{
    public const string Command = "sleeping-worker";

    /// <summary>Settings come from the environment, as those of <c>serve</c> do.</summary>
    public static async Task<int> RunAsync(TimeSpan length)
    {
        using var host = WorkerHost.Build([], services => services.AddSingleton<IReportModel>(new SleepingModel(length)));
        await host.RunAsync();
        return 0;
    }

    public static ChildProcess Start(TimeSpan length, IReadOnlyDictionary<string, string?> environment) => ChildProcess.Start(
        Requirement.Tool("dotnet"),
        [typeof(SleepingWorker).Assembly.Location, Command, length.TotalMilliseconds.ToString(CultureInfo.InvariantCulture)],
        environment,
        Repo.Root,
        Command);
}
