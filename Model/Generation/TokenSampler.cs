using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Model.Generation;

/// <summary>
/// Chooses the next token: the likeliest, or a drawn one. Drawing works on one thread in float64 with a generator of its own, so that the same
/// logits and the same seed give the same token on any machine and with any number of threads.
/// </summary>
internal sealed class TokenSampler(double temperature, double topP, ulong seed)
{
    private ulong _state = seed;

    /// <param name="logits">[vocabulary]</param>
    /// <returns>Null when a value is not finite.</returns>
    public long? Choose(Tensor logits)
    {
        using var scope = NewDisposeScope();
        if (!logits.isfinite().all().item<bool>())
        {
            return null;
        }

        return temperature == 0 ? logits.argmax().item<long>() : Draw(logits.to_type(ScalarType.Float32).cpu().data<float>().ToArray());
    }

    /// <summary>
    /// Temperature, then the smallest set of likeliest tokens whose probability reaches topP (Holtzman et al. 2020), then one draw. Equal logits
    /// rank by their ids.
    /// </summary>
    private long Draw(float[] logits)
    {
        var ids = Enumerable.Range(0, logits.Length).ToArray();
        var highest = logits.Max();
        var weights = Array.ConvertAll(logits, logit => Math.Exp(((double)logit - highest) / temperature));
        Array.Sort(ids, (a, b) => weights[a] == weights[b] ? a.CompareTo(b) : weights[b].CompareTo(weights[a]));
        var total = ids.Sum(id => weights[id]);

        var (kept, mass) = (0, 0.0);
        while (kept < ids.Length && (kept == 0 || mass < topP * total))
        {
            mass += weights[ids[kept++]];
        }

        var rest = Next() * mass;
        for (var i = 0; i < kept - 1; i++)
        {
            rest -= weights[ids[i]];
            if (rest < 0)
            {
                return ids[i];
            }
        }

        return ids[kept - 1];
    }

    /// <summary>SplitMix64 (Steele, Lea, Flood 2014), its upper 53 bits as 0..1.</summary>
    private double Next()
    {
        _state += 0x9E3779B97F4A7C15;
        var z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return ((z ^ (z >> 31)) >> 11) * (1.0 / (1UL << 53));
    }
}
