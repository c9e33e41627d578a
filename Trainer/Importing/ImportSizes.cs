using System.Text.Json;
using HSENet.Model;
using HSENet.Model.Contrastive;
using HSENet.Model.Language;
using HSENet.Model.Vision;

namespace HSENet.Trainer.Importing;

/// <summary>
/// The sizes that files are held to: those of the published model, unless a config.json beside a file gives others. Only numbers are taken from
/// such a file; the paths in it are those of the authors' machine.
/// </summary>
internal sealed record ImportSizes
{
    private static readonly JsonSerializerOptions s_json = new() { RespectNullableAnnotations = true };

    public required Vit3DConfig Vision { get; init; }

    public required TextEncoderConfig Text { get; init; }

    public required PhiConfig Language { get; init; }

    /// <summary>Phi's config.json as it is; null without a language model.</summary>
    public JsonElement? LanguageJson { get; init; }

    public required LoraConfig Lora { get; init; }

    /// <summary>The adapter files that tell their rank and alpha, as PEFT's do: these may come without packers.</summary>
    public IReadOnlySet<string> Peft { get; init; } = new HashSet<string>();

    public SliceEncoderConfig SliceEncoder { get; } = SliceEncoderConfig.Full;

    /// <summary>Windows of 1 x 4 x 4 patches, as in the published packers.</summary>
    public SpatialPackerConfig Packer =>
        new SpatialPackerConfig(Vision.Grid, (Vision.Grid.D, Vision.Grid.H / 4, Vision.Grid.W / 4), Vision.Hidden, Language.HiddenSize).Validated();

    public static ImportSizes Read(ImportFiles files)
    {
        JsonElement? clip = files.Clip is null ? null : PublishedFiles.Beside(files.Clip, "config.json");
        JsonElement? text = files.TextEncoder is null ? null : PublishedFiles.Beside(files.TextEncoder, "config.json");
        JsonElement? language = files.LanguageModel is null ? null : PublishedFiles.Beside(files.LanguageModel, "config.json")
            ?? throw new HSENetModelException("import.config", $"{files.LanguageModel} has no config.json beside it.");
        var (lora, peft) = ImportLora.Read([files.Adapter, files.QuestionAdapter]);
        return new ImportSizes
        {
            Vision = ReadVision(clip),
            Text = ReadText(text),
            Language = ReadLanguage(language),
            LanguageJson = language,
            Lora = lora,
            Peft = peft,
        };
    }

    private static Vit3DConfig ReadVision(JsonElement? config)
    {
        var full = Vit3DConfig.Full;
        var (image, patch) = (
            PublishedFiles.Triple(config, "img_size", full.Image),
            PublishedFiles.Triple(config, "patch_size", (full.PatchDepth, full.PatchHeight, full.PatchWidth)));
        return new Vit3DConfig(
            image.D, image.H, image.W, patch.D, patch.H, patch.W,
            PublishedFiles.Number(config, "hidden_size", full.Hidden), PublishedFiles.Number(config, "num_layers", full.Layers),
            PublishedFiles.Number(config, "num_heads", full.Heads), PublishedFiles.Number(config, "mlp_dim", full.Mlp)).Validated();
    }

    private static TextEncoderConfig ReadText(JsonElement? config)
    {
        var full = TextEncoderConfig.Full;
        return new TextEncoderConfig(
            PublishedFiles.Number(config, "vocab_size", full.Vocabulary), PublishedFiles.Number(config, "hidden_size", full.Hidden),
            PublishedFiles.Number(config, "num_hidden_layers", full.Layers), PublishedFiles.Number(config, "num_attention_heads", full.Heads),
            PublishedFiles.Number(config, "intermediate_size", full.Intermediate), PublishedFiles.Number(config, "max_position_embeddings", full.Positions)).Validated();
    }

    private static PhiConfig ReadLanguage(JsonElement? config)
    {
        try
        {
            return config is { } there ? there.Deserialize<PhiConfig>(s_json)!.Validated() : PublishedPhi.Config;
        }
        catch (JsonException e)
        {
            throw new HSENetModelException("import.config", $"The language model's config.json: {e.Message}", e);
        }
    }
}
