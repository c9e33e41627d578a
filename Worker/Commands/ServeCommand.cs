using System.CommandLine;
using HSENet.Worker.Hosting;

namespace HSENet.Worker.Commands;

/// <summary><c>serve</c>: runs the configured roles until stopped. SIGTERM and SIGINT drain.</summary>
internal static class ServeCommand
{
    public const string Name = "serve";

    public static Command Create()
    {
        var command = new Command(Name, "Receives, judges, reports and delivers until it is stopped. SIGTERM and Ctrl-C let it end what it has begun.");
        command.SetAction(RunAsync);
        return command;
    }

    public static async Task<int> RunAsync(ParseResult result, CancellationToken cancellationToken)
    {
        using var host = WorkerHost.Build(SettingArguments.Of(result));
        await host.StartAsync(cancellationToken);
        await host.WaitForShutdownAsync(cancellationToken);
        var failed = host.Services.GetServices<IHostedService>().OfType<BackgroundService>().FirstOrDefault(s => s.ExecuteTask is { IsFaulted: true });
        return failed is null ? ExitCode.Done
            : failed.ExecuteTask!.Exception!.InnerException is WorkerException known ? throw new WorkerException(known.Code, known.Message, known)
            : throw new WorkerException("host.failed", $"{failed.GetType().Name} ended unexpectedly", failed.ExecuteTask!.Exception);
    }
}
