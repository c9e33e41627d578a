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

    /// <param name="config">Sizes.</param>
    /// <param name="storage">Null: float32, initialised, for training; else the weights are undefined until they are loaded, and have no gradient.</param>
    public PhiLanguageModel(PhiConfig config, WeightStorage? storage = null)
        : base(nameof(PhiLanguageModel))
    {
        Config = config.Validated();
        Storage = storage;
        model = new PhiDecoder(config, storage);
        RegisterComponents();
        eval();
    }

    public PhiConfig Config { get; }

    public WeightStorage? Storage { get; }

    public Device Device => model.Embedding.Table.device;

    /// <summary>Type of everything that is computed: float32 on the CPU, the weights' own type on a GPU.</summary>
    public ScalarType Type => Device.type == DeviceType.CPU ? ScalarType.Float32 : model.Embedding.Table.dtype;

    /// <summary>The adapter in use; null for the base alone.</summary>
    public LoraAdapter? Adapter { get; private set; }

    /// <summary>Every linear layer by its published name, without <c>.weight</c>.</summary>
    public IEnumerable<(string Name, DecoderLinear Linear)> Linears =>
        named_modules().Where(item => item.module is DecoderLinear).Select(item => (item.name, (DecoderLinear)item.module));

    /// <summary>Puts an adapter in place of the one in use, without touching the base: using null again gives the base bit for bit.</summary>
    /// <param name="adapter">Made for this configuration, on this device; null: the base alone. It stays the caller's.</param>
    /// <param name="merged">True: as one more matrix for each layer (twice the memory, no extra work); false: beside the base.</param>
    /// <exception cref="HSENetModelException"><c>model.precision</c>: int8 weights cannot be merged.</exception>
    public void Use(LoraAdapter? adapter, bool merged = false)
    {
        Adapter = null;
        var blocks = adapter?.Blocks;
        if (blocks is not null && blocks.Count != model.Layers.Count)
        {
            throw new HSENetModelException("model.config", $"The adapter has {blocks.Count} layers, the language model {model.Layers.Count}.");
        }

        foreach (var (index, layer) in model.Layers.Index())
        {
            layer.Use(blocks?[index], merged);
        }

        Adapter = adapter;
    }

    /// <param name="ids">[B, T]</param>
    /// <returns>[B, T, hidden]</returns>
    public Tensor Embed(Tensor ids)
    {
        using var scope = NewDisposeScope();
        return model.Embedding.call(ids).to_type(Type).MoveToOuterDisposeScope();
    }

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

    /// <summary>The whole sequence with gradient checkpointing.</summary>
    /// <param name="embeddings">[B, T, hidden]</param>
    /// <param name="surround">As in <see cref="Recomputed.Run"/>.</param>
    /// <returns>[B, T, hidden] after the final norm</returns>
    public Tensor HiddenRecomputed(Tensor embeddings, Func<IDisposable?>? surround = null)
    {
        var tokens = (int)embeddings.shape[1];
        return model.ForwardRecomputed(embeddings, () => new RotaryTable(Config, tokens, tokens, Device), surround);
    }

    /// <summary>Only the positions that the cache does not hold yet.</summary>
    /// <param name="embeddings">[1, T, hidden]</param>
    /// <param name="rotary">Covers every position of the sequence.</param>
    /// <param name="cache">Grows by T positions.</param>
    /// <returns>[1, T, hidden] after the final norm</returns>
    public Tensor Hidden(Tensor embeddings, RotaryTable rotary, KeyValueCache cache) => model.call(embeddings, rotary, cache);

    /// <param name="hidden">[…, hidden]</param>
    /// <returns>[…, vocabulary]</returns>
    public Tensor Logits(Tensor hidden) => model.Embedding.Project(hidden);
}
