using HSENet.Worker.Hosting;

namespace HSENet.Worker.Commands;

/// <summary><c>serve</c>: runs the configured roles until stopped. SIGTERM and SIGINT drain.</summary>
internal static class ServeCommand
{
    public static async Task<int> RunAsync(string[] args, CancellationToken cancellationToken)
    {
        SettingArguments.Check(args);
        using var host = WorkerHost.Build(args);
        await host.StartAsync(cancellationToken);
        await host.WaitForShutdownAsync(cancellationToken);
        var failed = host.Services.GetServices<IHostedService>().OfType<BackgroundService>().FirstOrDefault(s => s.ExecuteTask is { IsFaulted: true });
        return failed is null
            ? ExitCode.Done
            : throw new WorkerException("host.failed", $"{failed.GetType().Name} ended unexpectedly", failed.ExecuteTask!.Exception);
    }
}
