using HSENet.Dicom.Series;
using HSENet.Model;
using HSENet.Worker.Inference;

namespace HSENet.Faults.Node;

/// <summary>A model that sleeps and then tells what it saw, so that another volume gives another text.</summary>
internal sealed class SleepModel(TimeSpan time) : IReportModel
{
    public ModelIdentity Identity { get; } = new("sleep", "1", new string('a', 64), "research", "a sleep for fault cases");

    public string SettingsJson => """{"prompt":{"report":"write"}}""";

    public Task LoadAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task<GeneratedReport> GenerateAsync(CtVolume volume, IProgress<ModelStage> progress, CancellationToken cancellationToken)
    {
        NodeMark.Say(NodeMark.Inferring);
        progress.Report(ModelStage.Decode);
        await Task.Delay(time, cancellationToken);
        return new GeneratedReport
        {
            Findings = $"{volume.SliceCount} slices, digest {volume.HuSha256()}.",
            Impression = "None.",
            FinishReason = FinishReason.Stop,
            Tokens = 7,
            Seconds = new StageSeconds(0, 0, 0, 0),
        };
    }
}
