using Quartz;

namespace HSENet.Worker.Schedules;

/// <summary>Looks at what the service needs, as the command <c>check</c> does, but for the model. What is not well makes the run a failed one.</summary>
internal sealed class CheckJob(ScheduledCheck check) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        if (await check.RunAsync(cancellationToken) is { Count: > 0 } failed)
        {
            throw new WorkerException("check.failed", string.Join("; ", failed.Select(f => f.ToString())));
        }
    }
}
