using HSENet.Model.Configuration;
using HSENet.Model.Contrastive;
using HSENet.Model.Vision;
using static TorchSharp.torch;

namespace HSENet.Trainer.Pretraining;

/// <summary>What is trained, what it learns from, and what its directory will say.</summary>
internal sealed class ContrastiveNetworks : IDisposable
{
    private ContrastiveNetworks(ModelConfiguration configuration, ClipModel student, ClipModel? teacher, PatchGuide? guide)
    {
        (Configuration, Student, Teacher, Guide) = (configuration, student, teacher, guide);
        Tower = ModelConfiguration.Need(configuration.Vision, "vision").ToConfig();
    }

    /// <summary>Sizes, preprocessing, text files; the weights are set when it is written.</summary>
    public ModelConfiguration Configuration { get; }

    /// <summary>Files that go into the directory as they are: vocabulary, slice encoder.</summary>
    public IReadOnlyList<CarriedFile> Carried { get; init; } = [];

    public ClipModel Student { get; }

    /// <summary>Frozen, in evaluation mode; null in stage 1.</summary>
    public ClipModel? Teacher { get; }

    /// <summary>What scores the patches; null in stage 1.</summary>
    public PatchGuide? Guide { get; }

    public Vit3DConfig Tower { get; }

    /// <summary>A stage-1 model from its sizes; its weights follow from the seed.</summary>
    public static ContrastiveNetworks Stage1(ModelConfiguration configuration, int seed, IReadOnlyList<CarriedFile>? carried = null)
    {
        var sizes = configuration with { Vision = ModelConfiguration.Need(configuration.Vision, "vision") with { Towers = "global" } };
        return new(sizes, Build(sizes, null, seed), null, null) { Carried = carried ?? [] };
    }

    /// <summary>A stage-2 model beside the stage-1 model of a directory.</summary>
    /// <param name="teacher">Directory of stage 1; null: no teacher, the model is written without one.</param>
    /// <param name="configuration">Sizes, those of the teacher's parts included; null: the teacher's.</param>
    /// <param name="guide">What scores the patches.</param>
    /// <param name="seed">For the weights.</param>
    /// <param name="carried">Files of the directory; null: those of the teacher.</param>
    /// <exception cref="TrainerException"><c>settings.teacher</c>: a text guide, or no sizes, without a teacher.</exception>
    public static ContrastiveNetworks Stage2(ModelDirectory? teacher, ModelConfiguration? configuration, string guide, int seed, IReadOnlyList<CarriedFile>? carried = null)
    {
        var given = configuration ?? teacher?.Configuration ?? throw new TrainerException("settings.teacher", "Stage 2 needs a teacher, or sizes in its settings.");
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
            return new(sizes, student, null, kind) { Carried = carried ?? [] };
        }

        var frozen = Build(sizes, null, seed);
        StartWeights.Strict(frozen, teacher);
        frozen.eval();
        foreach (var parameter in frozen.parameters())
        {
            parameter.requires_grad = false;
        }

        return new(sizes, student, frozen, kind) { Carried = carried ?? [.. CarriedFile.Texts(teacher), .. CarriedFile.SliceEncoder(teacher)] };
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
