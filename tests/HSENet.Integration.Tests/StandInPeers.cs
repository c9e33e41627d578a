using HSENet.Dicom.Sending;
using HSENet.Worker.Delivery;
using HSENet.Worker.Inference;
using HSENet.Worker.Ingest;

namespace HSENet.Integration.Tests;

/// <summary>A PACS that answers what it is told to, and keeps what it got.</summary>
internal sealed class StandInPacs : IReportSender
{
    public Func<RemoteNode, SendOutcome> Answer { get; set; } = _ => new SendOutcome.Stored();

    /// <summary>What happens elsewhere before it answers.</summary>
    public Func<Task> Meanwhile { get; set; } = () => Task.CompletedTask;

    public List<(string CalledAe, byte[] Document)> Received { get; } = [];

    public async Task<SendOutcome> SendAsync(RemoteNode node, byte[] document, CancellationToken cancellationToken)
    {
        await Meanwhile();
        var outcome = Answer(node);
        if (outcome is not SendOutcome.Failed)
            Received.Add((node.CalledAe, document));
        return outcome;
    }
}

/// <summary>Keeps the ids that were sent.</summary>
internal sealed class RecordingQueue : IJobQueue
{
    public List<Guid> Sent { get; } = [];

    public Task SendAsync(Guid jobId, bool isStat, CancellationToken cancellationToken)
    {
        Sent.Add(jobId);
        return Task.CompletedTask;
    }
}

/// <summary>A disk with as much room as a test says.</summary>
internal sealed class StandInDisk : IFreeSpace
{
    public long Available { get; set; } = long.MaxValue;

    public long AvailableBytes(string directory) => Available;
}
