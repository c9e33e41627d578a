using HSENet.Dicom.Series;
using HSENet.Model;
using HSENet.Worker.Inference;

namespace HSENet.Integration.Tests;

/// <summary>A model that writes what it saw, so that another volume gives another text. The service's own tests need no network.</summary>
internal sealed class StandInModel : IReportModel
{
    private int _calls;

    public ModelIdentity Identity { get; set; } = new("stand-in", "1", new string('a', 64), "research", "stand-in for tests");

    public string SettingsJson => """{"prompt":{"report":"write"}}""";

    public int? GpuIndex { get; set; }

    public FinishReason FinishReason { get; set; } = FinishReason.Stop;

    /// <summary>Thrown instead of writing.</summary>
    public Func<Exception?> Failure { get; set; } = () => null;

    /// <summary>Of all hosts that share it.</summary>
    public int Calls => Volatile.Read(ref _calls);

    public Task LoadAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<GeneratedReport> GenerateAsync(CtVolume volume, IProgress<ModelStage> progress, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _calls);
        if (Failure() is { } failure)
            throw failure;
        progress.Report(ModelStage.Decode);
        return Task.FromResult(new GeneratedReport
        {
            Findings = $"{volume.SliceCount} slices, digest {volume.HuSha256()}.",
            Impression = "None.",
            FinishReason = FinishReason,
            Tokens = 7,
            Seconds = new StageSeconds(0, 0, 0, 0),
        });
    }
}
