using HSENet.Dicom.Series;
using HSENet.Model;
using HSENet.Worker.Inference;

namespace HSENet.Benchmarks.Pipeline;

/// <summary>A model that takes its time and does nothing, as one on a GPU looks to the processor: what remains of a job is the service's own.</summary>
internal sealed class SleepingModel(TimeSpan length) : IReportModel
{
    public ModelIdentity Identity { get; } = new("sleeping", "1", new string('0', 64), "research", "stand-in for measurements");

    public string SettingsJson => """{"prompt":{"report":"sleep"}}""";

    public Task LoadAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task<GeneratedReport> GenerateAsync(CtVolume volume, IProgress<ModelStage> progress, CancellationToken cancellationToken)
    {
        await Task.Delay(length, cancellationToken);
        return new GeneratedReport
        {
            Findings = $"{volume.SliceCount} slices, digest {volume.HuSha256()}.",
            Impression = "None.",
            FinishReason = FinishReason.Stop,
            Tokens = 1,
            Seconds = new StageSeconds(0, 0, 0, length.TotalSeconds),
        };
    }
}
