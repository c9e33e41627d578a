using MassTransit;

namespace HSENet.Worker.Inference;

/// <summary>How wake-ups reach the inference role. Narrow, so that the transport can be replaced.</summary>
internal interface IJobQueue
{
    /// <summary>Completes when the transport has taken the message.</summary>
    Task SendAsync(Guid jobId, CancellationToken cancellationToken);
}

/// <summary>MassTransit's in-memory transport.</summary>
internal sealed class MassTransitJobQueue(IBus bus) : IJobQueue
{
    public const string QueueName = "run-job";

    private static readonly Uri Address = new($"queue:{QueueName}");

    public async Task SendAsync(Guid jobId, CancellationToken cancellationToken)
    {
        var endpoint = await bus.GetSendEndpoint(Address);
        await endpoint.Send(new RunJob(jobId), cancellationToken);
    }
}

/// <summary>Runs the job that a message names. Never throws for a job's sake: failures are rows.</summary>
internal sealed class RunJobConsumer(JobRunner runner) : IConsumer<RunJob>
{
    public Task Consume(ConsumeContext<RunJob> context) => runner.RunAsync(context.Message.JobId, context.CancellationToken);
}
