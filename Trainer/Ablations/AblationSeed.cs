using HSENet.Model;
using HSENet.Model.Configuration;
using HSENet.Model.Contrastive;
using HSENet.Model.Runtime;
using HSENet.Model.Text;
using HSENet.Model.Vision;
using HSENet.Model.Weights;
using HSENet.Trainer.DemoModels.Training;
using HSENet.Trainer.Evaluation.Runs;
using HSENet.Trainer.Pretraining;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Trainer.Ablations;

/// <summary>
/// What the arms of one seed share, each made when first asked for: phantoms, slice features, stage 1, the published stage 2 and its patch features. Trained
/// networks lie in the run's folder, so that a run that goes on does not train them again.
/// </summary>
internal sealed class AblationSeed : IDisposable
{
    private const int TrainingSeeds = 700_000_000;
    private const int HeldOutSeeds = 800_000_000;
    private const float FirstScale = 10;

    private readonly AblationSettings _settings;
    private readonly ModelDirectory _model;
    private readonly string _folder;
    private readonly TextWriter _log;
    private readonly Lazy<DemoCase[]> _cases;
    private readonly Lazy<DemoCase[]> _heldOut;
    private readonly Lazy<(Half[][] Training, Half[][] HeldOut)> _slices;
    private readonly Lazy<InputScaling> _scaling;
    private readonly Lazy<ClipModel> _stage1;
    private readonly Lazy<(PatchFeatures Training, PatchFeatures HeldOut)> _patches;

    public AblationSeed(int seed, ModelDirectory model, AblationSettings settings, string directory, TextWriter log)
    {
        (Seed, _model, _settings, _log, _folder) = (seed, model, settings, log, Path.Combine(directory, $"seed-{seed}"));
        Configuration = model.Configuration;
        Tower = ModelConfiguration.Need(Configuration.Vision, "vision").ToConfig();
        var corpus = new DemoCorpus(Configuration);
        _cases = new(() => Timed("phantoms", () => corpus.Draw(settings.Cases, TrainingSeeds + seed, mixed: false)));
        _heldOut = new(() => Timed("held-out phantoms", () => corpus.Draw(settings.HeldOut, HeldOutSeeds + seed, mixed: false)));
        _scaling = new(() => InputScaling.Of(_cases.Value));
        _slices = new(SliceFeatures);
        _stage1 = new(Stage1);
        _patches = new(Patches);
        Words = WordPieceTokenizer.Open(model.PathOf(ModelConfiguration.Need(Configuration.Text, "text").Files[0]));
    }

    public int Seed { get; }

    public ModelConfiguration Configuration { get; }

    public Vit3DConfig Tower { get; }

    public WordPieceTokenizer Words { get; }

    public DemoCase[] Cases => _cases.Value;

    public DemoCase[] HeldOut => _heldOut.Value;

    /// <summary>For each case, row-major (slices, width).</summary>
    public (Half[][] Training, Half[][] HeldOut) Slices => _slices.Value;

    public InputScaling Scaling => _scaling.Value;

    /// <summary>The teacher; takes scaled volumes.</summary>
    public ClipModel Teacher => _stage1.Value;

    /// <summary>What the towers of the published setting make of the cases.</summary>
    public (PatchFeatures Training, PatchFeatures HeldOut) PatchFeatures => _patches.Value;

    /// <summary>Trains stage 2, or reads it back.</summary>
    /// <returns>The caller owns the model.</returns>
    public ClipModel Stage2(AblationArm arm)
    {
        var variant = arm.Contrastive!;
        return Kept(arm.Id, () => new ClipModel(Tower, variant.Guide, Configuration.Text!.ToConfig()), model =>
        {
            ContrastiveStage.Begin(model, Teacher);
            using var stage = Stage(variant);
            stage.Train(arm.Id, model, Cases, variant.Guide == PatchGuide.Slices ? Slices.Training : null, Teacher, _settings.Stage2Passes, (ulong)Seed + 30, _log);
        });
    }

    /// <summary>The stage with the variant's losses and guide.</summary>
    public ContrastiveStage Stage(ContrastiveVariant variant) => new(Tower, Scaling, Words)
    {
        Rate = _settings.ContrastiveRate, Guide = variant.Guide, Form = variant.Form, Schedule = variant.Schedule,
    };

    public void Dispose()
    {
        if (_stage1.IsValueCreated)
        {
            Teacher.Dispose();
        }
    }

    private (Half[][] Training, Half[][] HeldOut) SliceFeatures()
    {
        using var network = new VisualNetwork(Configuration, VisualParts.SliceEncoder);
        WeightLoader.Load(new VisualWeights(_model).For(network));
        var stage = new SliceStage(network.SliceEncoder!, Configuration.Slices!.Count);
        return Timed("slice features", () => (stage.Features(Cases), stage.Features(HeldOut)));
    }

    private ClipModel Stage1()
    {
        ClipModel Build() => new(Tower, null, Configuration.Text!.ToConfig());
        if (_settings.Stage1Passes > 0)
        {
            return Kept("stage1", Build, model =>
            {
                using (no_grad())
                {
                    model.LogitScale.Fill(FirstScale);
                }

                using var stage = Stage(ContrastiveVariant.Ours);
                stage.Train("stage 1", model, Cases, null, null, _settings.Stage1Passes, (ulong)Seed + 20, _log);
            });
        }

        var given = Build();
        StartWeights.Strict(given, _model);
        Scaling.Unfold(DemoModels.Training.PatchFeatures.Tower<nn.Module>(given).state_dict(), Tower);
        return given;
    }

    private (PatchFeatures Training, PatchFeatures HeldOut) Patches()
    {
        using var ours = Stage2(AblationPlan.PublishedStage2);
        using var stage = Stage(ContrastiveVariant.Ours);
        PatchFeatures Of(DemoCase[] cases, Half[][] slices) => DemoModels.Training.PatchFeatures.Of(cases, slices, Teacher, ours, stage, Scaling, Tower);
        return Timed("patch features", () => (Of(Cases, Slices.Training), Of(HeldOut[.._settings.Reports], Slices.HeldOut)));
    }

    private ClipModel Kept(string name, Func<ClipModel> build, Action<ClipModel> train)
    {
        var path = Path.Combine(_folder, $"{name}.safetensors");
        if (File.Exists(path))
        {
            var kept = build();
            using var file = SafeTensorsFile.Open(path);
            using var quiet = no_grad();
            foreach (var (part, target) in kept.state_dict())
            {
                using var value = file.Read(part);
                target.copy_(value);
            }

            return kept;
        }

        _ = (Cases, Scaling, Slices, name == "stage1" ? null : Teacher);       // whatever they draw, this begins at the same number
        random.manual_seed(Seed);
        var model = build();
        train(model);
        Directory.CreateDirectory(_folder);
        EvaluationOutput.Replace(path, partial => SafeTensorsWriter.Write(partial, model.state_dict().Select(item => KeyValuePair.Create(item.Key, item.Value.detach()))));
        return model;
    }

    private T Timed<T>(string name, Func<T> work)
    {
        var start = TimeProvider.System.GetTimestamp();
        var result = work();
        _log.WriteLine(FormattableString.Invariant($"seed {Seed}: {name} {TimeProvider.System.GetElapsedTime(start).TotalSeconds:F0} s"));
        _log.Flush();
        return result;
    }
}
