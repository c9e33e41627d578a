namespace HSENet.Worker.Inference;

/// <summary>How wake-ups reach the inference role. Narrow, so that the transport can be replaced; receiving is the transport's own part.</summary>
internal interface IJobQueue
{
    /// <summary>Completes when the transport has taken the message and it waits in a queue.</summary>
    /// <exception cref="WorkerException">
    /// <c>queue.missing</c>: no inference process has ever made the queue; <c>queue.unreachable</c>: not confirmed in time. It may have been sent.
    /// </exception>
    Task SendAsync(Guid jobId, bool isStat, CancellationToken cancellationToken);
}
