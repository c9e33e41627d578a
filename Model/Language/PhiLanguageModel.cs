using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace HSENet.Model.Language;

/// <summary>
/// The Phi-style language model: grouped-query attention, partial rotary positions with long-context factors, gated MLP, tied embeddings.
/// State-dict names are those of the published files.
/// </summary>
internal sealed class PhiLanguageModel : Module<Tensor, Tensor>
{
    private readonly PhiDecoder model;

    public PhiLanguageModel(PhiConfig config)
        : base(nameof(PhiLanguageModel))
    {
        Config = config.Validated();
        model = new PhiDecoder(config);
        RegisterComponents();
        eval();
    }

    public PhiConfig Config { get; }

    public Device Device => model.EmbeddingTable.device;

    public ScalarType Type => model.EmbeddingTable.dtype;

    /// <param name="ids">[B, T]</param>
    /// <returns>[B, T, hidden]</returns>
    public Tensor Embed(Tensor ids) => model.Embed(ids);

    /// <summary>The whole sequence at once, without a cache.</summary>
    /// <param name="input">embeddings [B, T, hidden]</param>
    /// <returns>logits [B, T, vocabulary]</returns>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return Logits(Hidden(input)).MoveToOuterDisposeScope();                  // [B, T, vocabulary]
    }

    /// <param name="embeddings">[B, T, hidden]</param>
    /// <returns>[B, T, hidden] after the final norm</returns>
    public Tensor Hidden(Tensor embeddings)
    {
        var tokens = (int)embeddings.shape[1];
        using var rotary = new RotaryTable(Config, tokens, tokens, Device);
        return model.call(embeddings, rotary, null);
    }

    /// <summary>Only the positions that the cache does not hold yet.</summary>
    /// <param name="embeddings">[1, T, hidden]</param>
    /// <param name="rotary">Covers every position of the sequence.</param>
    /// <param name="cache">Grows by T positions.</param>
    /// <returns>[1, T, hidden] after the final norm</returns>
    public Tensor Hidden(Tensor embeddings, RotaryTable rotary, KeyValueCache cache) => model.call(embeddings, rotary, cache);

    /// <param name="hidden">[…, hidden]</param>
    /// <returns>[…, vocabulary]</returns>
    public Tensor Logits(Tensor hidden) => functional.linear(hidden, model.EmbeddingTable);
}
