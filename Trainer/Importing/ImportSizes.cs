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
    /// <summary>Rank and alpha of the authors' adapter, which has no configuration file.</summary>
    private static readonly LoraConfig s_authorsLora = new(16, 32);

    public required Vit3DConfig Vision { get; init; }

    public required TextEncoderConfig Text { get; init; }

    public required PhiConfig Language { get; init; }

    /// <summary>Phi's config.json as it is; null without a language model.</summary>
    public JsonElement? LanguageJson { get; init; }

    public required LoraConfig Lora { get; init; }

    /// <summary>The adapter files that are PEFT adapters with a configuration of their own.</summary>
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
        var (lora, peft) = ReadAdapters([files.Adapter, files.QuestionAdapter]);
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
            return config is { } there ? there.Deserialize<PhiConfig>()!.Validated() : PublishedPhi.Config;
        }
        catch (JsonException e)
        {
            throw new HSENetModelException("import.config", $"The language model's config.json: {e.Message}", e);
        }
    }

    /// <summary>Both adapters are switched over one language model, whose configuration has one rank and one alpha.</summary>
    private static (LoraConfig Lora, HashSet<string> Peft) ReadAdapters(IEnumerable<string?> files)
    {
        LoraConfig? common = null;
        var peft = new HashSet<string>(StringComparer.Ordinal);
        foreach (var file in files.OfType<string>())
        {
            var lora = s_authorsLora;
            if (PublishedFiles.Beside(file, "adapter_config.json") is { } config)
            {
                lora = ReadLora(config);
                peft.Add(file);
            }

            common ??= lora;
            if (lora != common)
            {
                throw new HSENetModelException(
                    "import.config", $"{file}: rank {lora.Rank} and alpha {lora.Alpha}; those of the other adapter have {common.Rank} and {common.Alpha}: they must be equal.");
            }
        }

        return (common ?? s_authorsLora, peft);
    }

    private static LoraConfig ReadLora(JsonElement config)
    {
        foreach (var (field, plain) in ((string, Func<JsonElement, bool>)[])[
            ("use_dora", value => value.ValueKind is JsonValueKind.False or JsonValueKind.Null),
            ("fan_in_fan_out", value => value.ValueKind is JsonValueKind.False or JsonValueKind.Null),
            ("bias", value => value.ValueKind == JsonValueKind.Null || (value.ValueKind == JsonValueKind.String && value.GetString() == "none")),
            ("rank_pattern", IsEmpty),
            ("alpha_pattern", IsEmpty),
            ("layers_to_transform", IsEmpty),
            ("peft_type", value => value.ValueKind == JsonValueKind.String && value.GetString() == "LORA")])
        {
            if (config.TryGetProperty(field, out var value) && !plain(value))
            {
                throw new HSENetModelException("model.unsupported", $"adapter_config.json: {field} {value.GetRawText()} is not supported.");
            }
        }

        var rank = PublishedFiles.Number(config, "r", s_authorsLora.Rank);
        var alpha = config.TryGetProperty("lora_alpha", out var given) && given.ValueKind == JsonValueKind.Number ? given.GetDouble()
            : throw new HSENetModelException("import.config", "adapter_config.json: lora_alpha is missing.");
        var stabilised = config.TryGetProperty("use_rslora", out var flag) && flag.ValueKind == JsonValueKind.True;
        return new LoraConfig(rank, stabilised ? alpha * Math.Sqrt(rank) : alpha);   // rank-stabilised: the scale is alpha / sqrt(rank)
    }

    private static bool IsEmpty(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => true,
        JsonValueKind.Object => !value.EnumerateObject().Any(),
        JsonValueKind.Array => value.GetArrayLength() == 0,
        _ => false,
    };
}
