using System.Text.Json;
using HSENet.Model;
using HSENet.Model.Language;
using HSENet.Model.Weights;

namespace HSENet.Trainer.Importing;

/// <summary>Rank and alpha of adapters: from <c>adapter_config.json</c> beside them, from the header of a file that we wrote, or those of the authors.</summary>
internal static class ImportLora
{
    /// <summary>Of the authors' adapter, which has no configuration file.</summary>
    private static readonly LoraConfig s_authorsLora = new(16, 32);

    /// <summary>Both adapters are switched over one language model, whose configuration has one rank and one alpha.</summary>
    /// <param name="files">Adapter files; null for what is not asked for.</param>
    /// <returns>Rank and alpha, and the files that tell them.</returns>
    /// <exception cref="HSENetModelException"><c>import.config</c>, <c>model.unsupported</c>, <c>weights.format</c>.</exception>
    public static (LoraConfig Lora, IReadOnlySet<string> Peft) Read(IEnumerable<string?> files)
    {
        LoraConfig? common = null;
        var peft = new HashSet<string>(StringComparer.Ordinal);
        foreach (var file in files.OfType<string>())
        {
            var beside = PublishedFiles.Beside(file, "adapter_config.json") is { } config ? ReadLora(config) : null;
            var inside = Inside(file);
            if (beside is not null && inside is not null && beside != inside)
            {
                throw new HSENetModelException("import.config", $"{file}: rank {inside.Rank} and alpha {inside.Alpha}; its adapter_config.json says {beside.Rank} and {beside.Alpha}.");
            }

            var lora = beside ?? inside ?? s_authorsLora;
            if (beside is not null || inside is not null)
            {
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

    /// <summary>What the header of a file tells that we wrote; a file that cannot be read is told of later, with the others.</summary>
    private static LoraConfig? Inside(string file)
    {
        ITensorFile open;
        try
        {
            open = TensorFiles.Open(file);
        }
        catch (HSENetModelException)
        {
            return null;
        }

        using (open)
        {
            return AdapterMetadata.Read(open);
        }
    }

    private static LoraConfig ReadLora(JsonElement config)
    {
        foreach (var (field, plain) in ((string, Func<JsonElement, bool>)[])[
            ("use_dora", value => value.ValueKind is JsonValueKind.False or JsonValueKind.Null),
            ("lora_bias", value => value.ValueKind is JsonValueKind.False or JsonValueKind.Null),
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
        return new LoraConfig(rank, stabilised ? alpha * Math.Sqrt(rank) : alpha).Validated();   // rank-stabilised: the scale is alpha / sqrt(rank)
    }

    private static bool IsEmpty(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => true,
        JsonValueKind.Object => !value.EnumerateObject().Any(),
        JsonValueKind.Array => value.GetArrayLength() == 0,
        _ => false,
    };
}
