using HSENet.Model.Configuration;
using HSENet.Model.Language;
using HSENet.Model.Text;
using HSENet.Model.Vision;

namespace HSENet.Trainer.FineTuning;

/// <summary>The <c>hsenet.json</c> of the model to be: that of the directory, completed where a model without adapters has nothing yet.</summary>
internal static class FineTuneConfiguration
{
    private const int ReportTokens = 512;

    /// <summary>Window of the reference's packer (hsenet.md 1.5), patches.</summary>
    private static readonly (int D, int H, int W) s_window = (1, 4, 4);

    /// <param name="given">Of the directory that is trained on.</param>
    /// <param name="settings">Of the run.</param>
    /// <param name="tokenizer">Of the directory.</param>
    /// <exception cref="TrainerException">
    /// <c>settings.lora</c>: another adapter of the directory has another size; <c>settings.base</c>: the language model may not change under one.
    /// </exception>
    /// <exception cref="Model.HSENetModelException"><c>model.incomplete</c>, <c>model.unsupported</c>.</exception>
    public static ModelConfiguration Complete(ModelConfiguration given, FineTuneSettings settings, ITokenizer tokenizer)
    {
        var (vision, language) = (ModelConfiguration.Need(given.Vision, "vision"), ModelConfiguration.Need(given.Language, "language"));
        ModelConfiguration.Need(given.Preprocessing, "preprocessing");
        if (vision.HasLocal && vision.PatchGuide is PatchGuide.Text or PatchGuide.TextCls)
        {
            throw new Model.HSENetModelException("model.unsupported", "vision.guide: reports are written from the volume alone, so only slices or none is supported.");
        }

        var others = given.Weights.Where(file => file.Role == WeightRoles.Adapter && !Replaces(settings.Task, file)).ToList();
        var lora = settings.Lora.ToConfig();
        if (others.Count > 0 && language.Lora is { } other && (other.Rank != lora.Rank || other.Alpha != lora.Alpha))
        {
            throw new TrainerException("settings.lora", $"The directory's other adapter has rank {other.Rank} and alpha {other.Alpha}; both tasks need the same.");
        }

        if (others.Count > 0 && settings.TrainBase)
        {
            throw new TrainerException("settings.base", "trainBase would change the language model under the directory's other adapter.");
        }

        return given with
        {
            Packer = settings.Packer ?? given.Packer ?? DefaultPacker(vision, language),
            Language = language with { Lora = new LoraConfig(lora.Rank, lora.Alpha) },
            Prompt = Prompt(given, settings),
            Generation = given.Generation ?? new GenerationSection { MaxNewTokens = ReportTokens, Stop = [(int)tokenizer.AddedToken(ReportPrompt.BeginToken)!.Value] },
        };
    }

    /// <summary>Whether a file gives way to what is trained for the task: files without a task are for reports.</summary>
    public static bool Replaces(FineTuneTaskKind task, WeightSection file) => file.Role is WeightRoles.Adapter or WeightRoles.Packers
        && (file.Task == task.Name() || (task == FineTuneTaskKind.Report && file.Task.Length == 0));

    private static PackerSection DefaultPacker(VisionSection vision, PhiConfig language)
    {
        var grid = vision.ToConfig().Grid;
        return new PackerSection
        {
            Points = [Math.Max(1, grid.D / s_window.D), Math.Max(1, grid.H / s_window.H), Math.Max(1, grid.W / s_window.W)], Out = language.HiddenSize,
        };
    }

    private static PromptSection Prompt(ModelConfiguration given, FineTuneSettings settings)
    {
        var report = settings.EvaluationPrompt ?? given.Prompt?.Report ?? PromptTemplates.EvaluationPrompt;
        return settings.Task == FineTuneTaskKind.Vqa
            ? new PromptSection { Report = report, VqaTemplates = FineTuneDirectory.TemplatesFile }
            : new PromptSection { Report = report, VqaTemplates = given.Prompt?.VqaTemplates };
    }
}
