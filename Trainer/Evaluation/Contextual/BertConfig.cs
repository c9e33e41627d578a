using System.Text.Json;
using HSENet.Model.Contrastive;

namespace HSENet.Trainer.Evaluation.Contextual;

/// <summary>What a published encoder's <c>config.json</c> says, and which of its layers BERTScore takes.</summary>
/// <param name="Name">For people.</param>
/// <param name="IsRoberta">False: BERT.</param>
/// <param name="Layer">Layers that are run; those above are not loaded.</param>
/// <param name="Sizes">Of what is run.</param>
/// <param name="Baseline">What unrelated English texts score at that layer; null where that is not published.</param>
internal sealed record BertConfig(string Name, bool IsRoberta, int Layer, TextEncoderConfig Sizes, GreedyMatch? Baseline)
{
    /// <summary>Tokens of a text, begin and end too; the encoders have as many positions.</summary>
    private const int MostTokens = 512;

    private static readonly (string Name, bool IsRoberta, int Hidden, int Layers, int Layer, GreedyMatch? Baseline)[] s_known =
    [
        ("roberta-large", true, 1024, 24, 17, new(.83150584, .8314941, .83122575)),
        ("roberta-base", true, 768, 12, 10, null),
        ("bert-base-uncased", false, 768, 12, 9, new(.35375935, .3537393, .35219112)),
        ("bert-large-uncased", false, 1024, 24, 18, null),
    ];

    public int LongestText => Math.Min(MostTokens, Sizes.LongestText);

    /// <param name="path">A <c>config.json</c>.</param>
    /// <exception cref="TrainerException"><c>bertscore.format</c>: not such a file; <c>bertscore.unsupported</c>: another kind of encoder.</exception>
    public static BertConfig Read(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            return From(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or IOException)
        {
            throw new TrainerException("bertscore.format", $"{path}: {e.Message}", e);
        }
    }

    private static BertConfig From(JsonElement json)
    {
        var kind = json.GetProperty("model_type").GetString();
        Need(kind is "bert" or "roberta", $"model_type '{kind}': bert or roberta is supported");
        Need(!json.TryGetProperty("hidden_act", out var activation) || activation.GetString() == "gelu", "hidden_act must be gelu");
        Need(!json.TryGetProperty("position_embedding_type", out var positions) || positions.GetString() == "absolute", "position_embedding_type must be absolute");
        var isRoberta = kind == "roberta";
        var (hidden, layers) = (Number(json, "hidden_size"), Number(json, "num_hidden_layers"));
        var known = Array.Find(s_known, item => item.IsRoberta == isRoberta && item.Hidden == hidden && item.Layers == layers);
        var layer = known.Name is null ? layers : known.Layer;
        var sizes = new TextEncoderConfig(
            Number(json, "vocab_size"), hidden, layer, Number(json, "num_attention_heads"), Number(json, "intermediate_size"), Number(json, "max_position_embeddings"))
        {
            TokenTypes = Number(json, "type_vocab_size"),
            Epsilon = json.GetProperty("layer_norm_eps").GetDouble(),
            PaddingId = isRoberta ? json.TryGetProperty("pad_token_id", out var padding) ? padding.GetInt32() : 1 : null,
        };
        return new(known.Name ?? $"{kind} {layers}x{hidden}", isRoberta, layer, sizes.Validated(), known.Baseline);
    }

    private static int Number(JsonElement json, string name) => json.GetProperty(name).GetInt32();

    private static void Need(bool holds, string detail)
    {
        if (!holds)
        {
            throw new TrainerException("bertscore.unsupported", detail + ".");
        }
    }
}
