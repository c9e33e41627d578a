using HSENet.Worker.Observability;

namespace HSENet.Worker.Demo;

/// <summary>Tells on the console what the service is doing, and hands its ends to the demo.</summary>
internal sealed class DemoProgress(TextWriter output) : IWorkObserver
{
    private readonly TaskCompletionSource<int> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<DemoEnd> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile DraftedWork? _drafted;

    /// <summary>The port of the SCP.</summary>
    public Task<int> Port => _listening.Task;

    /// <summary>Completes with the report, or with the reason why there is none.</summary>
    public Task<DemoEnd> End => _ended.Task;

    public void Listening(int port)
    {
        output.WriteLine($"  listening on port {port}");
        _listening.TrySetResult(port);
    }

    public void AssociationClosed(AssociationSummary summary) =>
        output.WriteLine($"  association {summary.Ending}: {summary.Stored} instances stored, {summary.Refused} refused");

    public void SeriesEnded(SeriesEnd end)
    {
        output.WriteLine($"  series {end.State}, {end.Completeness} with {end.InstanceCount} instances");
        if (end.RefusalCode is { } code)
        {
            _ended.TrySetResult(new DemoEnd.Refused(code, end.RefusalDetail ?? ""));
        }
    }

    public void JobStage(Guid jobId, WorkStage stage) => output.WriteLine($"  {stage.ToString().ToLowerInvariant()}");

    public void Drafted(DraftedWork work)
    {
        output.WriteLine($"  drafted {work.Generated.Tokens} tokens, finish reason {work.Generated.FinishReason.ToString().ToLowerInvariant()}");
        _drafted = work;
    }

    public void JobNotDrafted(Guid jobId, string state, string code, string detail)
    {
        output.WriteLine($"  job {state}: {code}");
        if (state != "ready")
        {
            _ended.TrySetResult(state == "failed" ? new DemoEnd.Refused(code, detail) : new DemoEnd.Failed(code, detail));
        }
    }

    public void DeliveryAttempted(DeliveryAttempt attempt)
    {
        output.WriteLine($"  delivery to {attempt.Destination}: {attempt.State}");
        if (attempt.State == "failed")
        {
            _ended.TrySetResult(new DemoEnd.Failed(attempt.Code ?? "delivery.failed", attempt.Detail ?? ""));
        }
        else if (attempt.State == "stored" && _drafted is { } work)
        {
            _ended.TrySetResult(new DemoEnd.Delivered(work));
        }
    }
}

/// <summary>How a demo run ended.</summary>
internal abstract record DemoEnd
{
    private DemoEnd()
    {
    }

    public sealed record Delivered(DraftedWork Work) : DemoEnd;

    /// <summary>The series was understood and is not to be reported on.</summary>
    public sealed record Refused(string Code, string Detail) : DemoEnd;

    /// <summary>Something is broken.</summary>
    public sealed record Failed(string Code, string Detail) : DemoEnd;
}
