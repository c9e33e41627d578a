using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Model.Language;

/// <summary>Keys and values of the positions seen so far, for one sequence. Memory is taken once, at the capacity.</summary>
internal sealed class KeyValueCache : IDisposable
{
    private readonly Tensor[] _keys;     // per layer [1, kv heads, capacity, head]
    private readonly Tensor[] _values;   // per layer [1, kv heads, capacity, head]

    public KeyValueCache(PhiConfig config, int capacity, Device device, ScalarType type)
    {
        Capacity = capacity;
        long[] shape = [1, config.KeyValueHeadCount, capacity, config.HeadSize];
        _keys = [.. Enumerable.Range(0, config.LayerCount).Select(_ => empty(shape, type, device).DetachFromDisposeScope())];
        _values = [.. Enumerable.Range(0, config.LayerCount).Select(_ => empty(shape, type, device).DetachFromDisposeScope())];
    }

    /// <summary>Looked at before each layer, so that a long prompt can be given up; the cache is then of no more use.</summary>
    public CancellationToken Stop { get; init; }

    /// <summary>Most positions, tokens.</summary>
    public int Capacity { get; }

    /// <summary>Positions held by every layer.</summary>
    public int Length { get; private set; }

    /// <summary>Writes the new positions behind those held and returns all of them; <see cref="Advance"/> follows after the last layer.</summary>
    /// <param name="layer">Layer index.</param>
    /// <param name="keys">[1, kv heads, T, head], rotated</param>
    /// <param name="values">[1, kv heads, T, head]</param>
    /// <returns>views [1, kv heads, Length + T, head]; the caller disposes them</returns>
    public (Tensor Keys, Tensor Values) Append(int layer, Tensor keys, Tensor values)
    {
        var tokens = keys.shape[2];
        if (Length + tokens > Capacity)
        {
            throw new InvalidOperationException($"The cache holds {Length} of {Capacity} positions; {tokens} more do not fit.");
        }

        using (NewDisposeScope())
        {
            _keys[layer].narrow(2, Length, tokens).copy_(keys);
            _values[layer].narrow(2, Length, tokens).copy_(values);
        }

        return (_keys[layer].narrow(2, 0, Length + tokens), _values[layer].narrow(2, 0, Length + tokens));
    }

    /// <summary>Makes the appended positions part of the sequence.</summary>
    public void Advance(int tokens) => Length += tokens;

    /// <summary>Forgets every position and keeps the memory.</summary>
    public void Clear() => Length = 0;

    public void Dispose()
    {
        foreach (var tensor in _keys.Concat(_values))
        {
            tensor.Dispose();
        }
    }
}
