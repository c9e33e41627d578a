using HSENet.Model.Configuration;
using HSENet.Model.Vision;
using HSENet.Trainer.Data;

namespace HSENet.Trainer.Evaluation.Runs;

/// <summary>The studies of a request, preprocessed as the model wants them; in full precision, so that results are those of the service.</summary>
internal sealed class EvaluationData : IDisposable
{
    private const string CacheFolder = "cache";

    private readonly ModelSliceEncoder? _encoder;

    private EvaluationData(ManifestTrainingData studies, ModelSliceEncoder? encoder) => (Studies, _encoder) = (studies, encoder);

    public ManifestTrainingData Studies { get; }

    /// <param name="request">Its limit counts reports, pairs or questions, in the order of the manifest.</param>
    /// <param name="manifest">All studies.</param>
    /// <param name="directory">The model.</param>
    /// <param name="output">For the progress.</param>
    /// <param name="stop">What is in the cache by then stays there.</param>
    /// <exception cref="TrainerException"><c>evaluate.none</c>: no study has what the task needs; <c>data.none</c>: none can be used.</exception>
    /// <exception cref="HSENet.Model.HSENetModelException"><c>model.incomplete</c>.</exception>
    public static EvaluationData Prepare(EvaluationRequest request, StudyManifest manifest, ModelDirectory directory, TextWriter output, CancellationToken stop)
    {
        var configuration = directory.Configuration;
        var vision = ModelConfiguration.Need(configuration.Vision, "vision");
        var spec = ModelConfiguration.Need(configuration.Preprocessing, "preprocessing").ToSpec(vision, ModelConfiguration.Need(configuration.Slices, "slices"));
        var isGuided = vision is { HasLocal: true, PatchGuide: PatchGuide.Slices };
        var encoder = isGuided && configuration.Weights.Any(file => file.Role == WeightRoles.SliceEncoder) ? new ModelSliceEncoder(request.Model) : null;
        var options = new TrainingDataOptions
        {
            CacheDirectory = request.Cache ?? Path.Combine(request.Out, CacheFolder), AsHalf = false, Features = isGuided ? SliceFeatureUse.Manifest : SliceFeatureUse.None,
        };
        try
        {
            var studies = ManifestTrainingData.Prepare(manifest with { Items = Wanted(request, manifest) }, spec, encoder, options, new Reporter(output), stop);
            studies.Report(output);
            return new(studies, encoder);
        }
        catch
        {
            encoder?.Dispose();
            throw;
        }
    }

    /// <summary>The encoder last: a study whose cached features are damaged is made again by it.</summary>
    public void Dispose()
    {
        Studies.Dispose();
        _encoder?.Dispose();
    }

    private static List<ManifestItem> Wanted(EvaluationRequest request, StudyManifest manifest)
    {
        var isVqa = request.Task == EvaluationTask.Vqa;
        var (items, open) = (new List<ManifestItem>(), request.Limit ?? int.MaxValue);
        foreach (var item in manifest.Items.Where(item => isVqa ? item.Questions.Count > 0 : ReportRun.IsUsable(item)))
        {
            if (open <= 0)
            {
                break;
            }

            items.Add(item);
            open -= isVqa ? item.Questions.Count : 1;
        }

        return items.Count > 0 ? items : throw new TrainerException("evaluate.none", $"No study of the manifest has {(isVqa ? "questions" : "findings")}.");
    }

    private sealed class Reporter(TextWriter output) : IProgress<PreparationProgress>
    {
        private EvaluationProgress? _progress;

        public void Report(PreparationProgress value)
        {
            _progress ??= new EvaluationProgress(output, "studies prepared", value.Total, 0);
            _progress.Advance();
        }
    }
}
