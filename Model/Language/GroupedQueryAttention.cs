using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace HSENet.Model.Language;

/// <summary>Causal self-attention in which several query heads share one key and value head. The fused projection holds q, then k, then v.</summary>
internal sealed class GroupedQueryAttention : Module<Tensor, LayerState, Tensor>
{
    private readonly DecoderLinear qkv_proj;   // [hidden -> hidden + 2 * kv heads * head]
    private readonly DecoderLinear o_proj;     // [hidden -> hidden]
    private readonly int _heads;
    private readonly int _keyValueHeads;
    private readonly int _headSize;

    public GroupedQueryAttention(PhiConfig config, WeightStorage? storage)
        : base(nameof(GroupedQueryAttention))
    {
        (_heads, _keyValueHeads, _headSize) = (config.HeadCount, config.KeyValueHeadCount, config.HeadSize);
        qkv_proj = new DecoderLinear(config.HiddenSize, (_heads + (2 * _keyValueHeads)) * _headSize, storage);
        o_proj = new DecoderLinear(_heads * _headSize, config.HiddenSize, storage);
        RegisterComponents();
    }

    public IEnumerable<DecoderLinear> Linears => [qkv_proj, o_proj];

    /// <inheritdoc cref="PhiLanguageModel.Use"/>
    public void Use(LoraBlock? adapter, bool merged)
    {
        qkv_proj.Use(adapter?.QkvProj, merged);
        o_proj.Use(adapter?.OProj, merged);
    }

    /// <param name="input1">[B, T, hidden]; with a filled cache T is 1</param>
    /// <param name="input2">Rotary table and cache.</param>
    /// <returns>[B, T, hidden]</returns>
    public override Tensor forward(Tensor input1, LayerState input2)
    {
        using var scope = NewDisposeScope();
        var (batch, tokens) = (input1.shape[0], input1.shape[1]);
        var parts = qkv_proj.call(input1).reshape(batch, tokens, _heads + (2 * _keyValueHeads), _headSize).transpose(1, 2);
        var queries = input2.Rotary.Rotate(parts.narrow(1, 0, _heads), input2.Start);                    // [B, heads, T, head]
        var keys = input2.Rotary.Rotate(parts.narrow(1, _heads, _keyValueHeads), input2.Start);          // [B, kv, T, head]
        var values = parts.narrow(1, _heads + _keyValueHeads, _keyValueHeads);                           // [B, kv, T, head]
        var start = input2.Start;
        if (input2.Cache is { } cache)
        {
            (keys, values) = cache.Append(input2.Layer, keys, values);                                   // [1, kv, start + T, head]
        }

        var mixed = (start, tokens) switch
        {
            (_, 1) => AttendOne(queries, keys, values),
            (0, _) => AttendCausally(queries, keys, values),
            _ => throw new InvalidOperationException("A filled cache takes one token at a time."),
        };                                                                                               // [B, heads, T, head]
        return o_proj.call(mixed.transpose(1, 2).reshape(batch, tokens, _heads * _headSize)).MoveToOuterDisposeScope();
    }

    /// <summary>One query position sees every key: the query heads of a group become rows, so keys and values are not copied per head.</summary>
    private Tensor AttendOne(Tensor queries, Tensor keys, Tensor values)
    {
        var grouped = queries.reshape(queries.shape[0], _keyValueHeads, _heads / _keyValueHeads, _headSize);   // [B, kv, group, head]
        return functional.scaled_dot_product_attention(grouped, keys, values)                                 // [B, kv, group, head]
            .reshape(queries.shape[0], _heads, 1, _headSize);                                                 // [B, heads, 1, head]
    }

    private Tensor AttendCausally(Tensor queries, Tensor keys, Tensor values)
    {
        var group = _heads / _keyValueHeads;
        return functional.scaled_dot_product_attention(
            queries, keys.repeat_interleave(group, dim: 1), values.repeat_interleave(group, dim: 1), is_casual: true);
    }
}
