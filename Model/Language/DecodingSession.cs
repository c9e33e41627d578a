using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Model.Language;

/// <summary>
/// One sequence being written: the prompt at once, then token after token over a cache. When the sequence outgrows the original context all
/// positions need other rotary factors, so everything is computed again once; the result equals a full recomputation at every length.
/// </summary>
internal sealed class DecodingSession : IDisposable
{
    private readonly PhiLanguageModel _model;
    private readonly KeyValueCache _cache;
    private readonly Tensor _embeddings;   // [1, capacity, hidden]: the inputs so far
    private RotaryTable _rotary;

    /// <param name="model">Its memory is only read.</param>
    /// <param name="capacity">Most positions, prompt included.</param>
    /// <param name="stop">Looked at between layers; what is thrown then ends the session.</param>
    /// <exception cref="HSENetModelException"><c>model.context</c>: more positions than the model has.</exception>
    public DecodingSession(PhiLanguageModel model, int capacity, CancellationToken stop = default)
    {
        model.Config.CheckLength(capacity);
        _model = model;
        _cache = new KeyValueCache(model.Config, capacity, model.Device, model.Type) { Stop = stop };
        _embeddings = empty(1, capacity, model.Config.HiddenSize, model.Type, model.Device).DetachFromDisposeScope();
        _rotary = new RotaryTable(model.Config, capacity, sequenceLength: 0, model.Device);
    }

    /// <summary>Positions written so far.</summary>
    public int Length => _cache.Length;

    /// <param name="embeddings">[1, T, hidden]: the whole prompt</param>
    /// <returns>logits of the next token [vocabulary]</returns>
    public Tensor Prefill(Tensor embeddings)
    {
        if (Length > 0)
        {
            throw new InvalidOperationException("The prompt comes first.");
        }

        using var scope = NewDisposeScope();
        return Feed(embeddings).MoveToOuterDisposeScope();
    }

    /// <param name="token">The token that was chosen last.</param>
    /// <returns>logits of the next token [vocabulary]</returns>
    public Tensor Step(long token)
    {
        using var scope = NewDisposeScope();
        var id = tensor([token], 1, 1, device: _model.Device);             // [1, 1]
        return Feed(_model.Embed(id)).MoveToOuterDisposeScope();           // [vocabulary]
    }

    public void Dispose()
    {
        _cache.Dispose();
        _embeddings.Dispose();
        _rotary.Dispose();
    }

    private Tensor Feed(Tensor embeddings)
    {
        var (held, tokens) = (Length, (int)embeddings.shape[1]);
        if (held + tokens > _cache.Capacity)
        {
            throw new InvalidOperationException($"The session has room for {_cache.Capacity} positions.");
        }

        _embeddings.narrow(1, held, tokens).copy_(embeddings);
        if (!_rotary.SequenceIsLong && held + tokens > _model.Config.ShortContext)
        {
            _rotary.Dispose();
            _rotary = new RotaryTable(_model.Config, _cache.Capacity, held + tokens, _model.Device);
            _cache.Clear();
            embeddings = _embeddings.narrow(1, 0, held + tokens);          // [1, held + T, hidden]
        }

        var hidden = _model.Hidden(embeddings, _rotary, _cache);           // [1, T, hidden]
        return _model.Logits(hidden.select(1, hidden.shape[1] - 1)).squeeze(0);   // [vocabulary]
    }
}
