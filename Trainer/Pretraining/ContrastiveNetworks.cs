using HSENet.Model.Configuration;
using HSENet.Model.Contrastive;
using HSENet.Model.Vision;
using HSENet.Trainer.Training;
using static TorchSharp.torch;

namespace HSENet.Trainer.Pretraining;

/// <summary>What is trained, what it learns from, and what its directory will say.</summary>
internal sealed class ContrastiveNetworks : IDisposable
{
    private ContrastiveNetworks(ModelConfiguration configuration, ModelDirectory? source, ClipModel student, ClipModel? teacher, PatchGuide? guide)
    {
        (Configuration, Source, Student, Teacher, Guide) = (configuration, source, student, teacher, guide);
        Tower = ModelConfiguration.Need(configuration.Vision, "vision").ToConfig();
    }

    /// <summary>Sizes, preprocessing, text files; the weights are set when it is written.</summary>
    public ModelConfiguration Configuration { get; }

    /// <summary>Where the files that are carried over (vocabulary, slice encoder) lie; null: nothing is.</summary>
    public ModelDirectory? Source { get; }

    public ClipModel Student { get; }

    /// <summary>Frozen, in evaluation mode; null in stage 1.</summary>
    public ClipModel? Teacher { get; }

    /// <summary>What scores the patches; null in stage 1.</summary>
    public PatchGuide? Guide { get; }

    public Vit3DConfig Tower { get; }

    /// <summary>A stage-1 model from its sizes; its weights follow from the seed.</summary>
    public static ContrastiveNetworks Stage1(ModelConfiguration configuration, ModelDirectory? source, int seed)
    {
        var sizes = configuration with { Vision = ModelConfiguration.Need(configuration.Vision, "vision") with { Towers = "global" } };
        return new(sizes, source, Build(sizes, null, seed), null, null);
    }

    /// <summary>A stage-2 model beside the stage-1 model of a directory.</summary>
    /// <param name="teacher">Directory of stage 1; null: no teacher, the model is written without one.</param>
    /// <param name="configuration">Sizes where there is no teacher.</param>
    /// <param name="guide">What scores the patches.</param>
    /// <param name="seed">For the weights.</param>
    /// <exception cref="TrainerException"><c>settings.teacher</c>: a text guide, or no sizes, without a teacher.</exception>
    public static ContrastiveNetworks Stage2(ModelDirectory? teacher, ModelConfiguration? configuration, string guide, int seed)
    {
        var given = teacher?.Configuration ?? configuration ?? throw new TrainerException("settings.teacher", "Stage 2 needs a teacher, or sizes in its settings.");
        var sizes = given with
        {
            Vision = ModelConfiguration.Need(given.Vision, "vision") with { Towers = teacher is null ? "local" : "both", Guide = guide },
        };
        var kind = sizes.Vision.PatchGuide;
        if (teacher is null && kind is PatchGuide.Text or PatchGuide.TextCls)
        {
            throw new TrainerException("settings.teacher", $"The guide {guide} is made of the teacher's text features: give one.");
        }

        var student = Build(sizes, kind, seed);
        if (teacher is null)
        {
            return new(sizes, null, student, null, kind);
        }

        var frozen = Build(sizes, null, seed);
        StartWeights.Strict(frozen, teacher);
        frozen.eval();
        foreach (var parameter in frozen.parameters())
        {
            parameter.requires_grad = false;
        }

        return new(sizes, teacher, student, frozen, kind);
    }

    public void Dispose()
    {
        Student.Dispose();
        Teacher?.Dispose();
    }

    private static ClipModel Build(ModelConfiguration sizes, PatchGuide? guide, int seed)
    {
        manual_seed(seed);
        return new ClipModel(sizes.Vision!.ToConfig(), guide, ModelConfiguration.Need(sizes.Text, "text").ToConfig());
    }
}
