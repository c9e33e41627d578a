using HSENet.Worker.Inference;

namespace HSENet.Faults.Node;

/// <summary>The product's queue, with a pause between the commit that made a job ready and its publication, and between that and the commit of <c>queued</c>.</summary>
internal sealed class MarkedQueue(IJobQueue queue, TimeSpan pause) : IJobQueue
{
    public async Task SendAsync(Guid jobId, bool isStat, CancellationToken cancellationToken)
    {
        NodeMark.Say(NodeMark.Publishing);
        await Task.Delay(pause, cancellationToken);
        await queue.SendAsync(jobId, isStat, cancellationToken);
        await Task.Delay(pause, cancellationToken);
    }
}
