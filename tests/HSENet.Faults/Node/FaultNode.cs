using HSENet.Worker.Hosting;
using HSENet.Worker.Inference;
using HSENet.Worker.Messaging;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace HSENet.Faults.Node;

/// <summary>
/// <c>serve</c> as a process of its own, composed by the product. Its model is a sleep, its leases are short, and it says on standard output when it is at a
/// step at which somebody may want to kill it.
/// </summary>
internal static class FaultNode
{
    /// <summary>How long the model takes.</summary>
    public static readonly TimeSpan ModelTime = TimeSpan.FromMilliseconds(250);

    /// <summary>How long a gateway stands before and after it sends a job to the broker.</summary>
    public static readonly TimeSpan PublishTime = TimeSpan.FromMilliseconds(60);

    /// <summary>How long a claim holds without renewal.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(3);

    public static async Task<int> RunAsync(string[] settings)
    {
        try
        {
            using var host = WorkerHost.Build(settings, Configure, isIsolated: true);
            await host.StartAsync(CancellationToken.None);
            NodeMark.Say(NodeMark.Started);
            await host.WaitForShutdownAsync(CancellationToken.None);
            return 0;
        }
        catch (Worker.WorkerException e)
        {
            await Console.Error.WriteLineAsync($"error {e.Code}: {e.Message}");
            return 1;
        }
    }

    private static void Configure(IServiceCollection services)
    {
        services.AddSingleton<IReportModel>(new SleepModel(ModelTime));
        services.AddSingleton<IJobQueue>(provider => new MarkedQueue(ActivatorUtilities.CreateInstance<MassTransitJobQueue>(provider), PublishTime));
        services.AddSingleton(new JobTiming
        {
            Lease = Lease,
            Renewal = Lease / 4,
            MessageAge = TimeSpan.FromSeconds(3),
            MessagePatience = TimeSpan.FromSeconds(2),
            MaximumAttempts = 8,
        });
        services.AddLogging(l => l.AddFilter("HSENet", LogLevel.Information));
    }
}
