using HSENet.Model.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Model.Language;

/// <summary>
/// Cosines and sines of the first positions. The whole sequence uses the short factors while it fits the original context and the long
/// ones beyond it, and both tables carry the attention factor, also for short prompts.
/// </summary>
internal sealed class RotaryTable : IDisposable
{
    private readonly Tensor _cos;   // [positions, rotary / 2]
    private readonly Tensor _sin;   // [positions, rotary / 2]

    /// <param name="config">Frequencies.</param>
    /// <param name="positions">Positions to make.</param>
    /// <param name="sequenceLength">Length of the sequence that decides between short and long factors.</param>
    /// <param name="device">Where the attention runs.</param>
    /// <exception cref="HSENetModelException"><c>model.context</c>: more positions than the model may see.</exception>
    public RotaryTable(PhiConfig config, int positions, int sequenceLength, Device device)
    {
        config.CheckLength(positions);
        SequenceIsLong = sequenceLength > config.ShortContext;
        var frequencies = Frequencies(config, SequenceIsLong);
        var factor = AttentionFactor(config);
        var cos = new float[positions * frequencies.Length];
        var sin = new float[cos.Length];
        for (var position = 0; position < positions; position++)
        {
            for (var pair = 0; pair < frequencies.Length; pair++)
            {
                var (s, c) = Math.SinCos(position * frequencies[pair]);
                cos[(position * frequencies.Length) + pair] = (float)(c * factor);
                sin[(position * frequencies.Length) + pair] = (float)(s * factor);
            }
        }

        using var scope = NewDisposeScope();
        _cos = tensor(cos, positions, frequencies.Length).to(device).DetachFromDisposeScope();
        _sin = tensor(sin, positions, frequencies.Length).to(device).DetachFromDisposeScope();
    }

    /// <summary>True when the long factors were used.</summary>
    public bool SequenceIsLong { get; }

    /// <returns>Radians per position of each rotated pair.</returns>
    public static double[] Frequencies(PhiConfig config, bool sequenceIsLong)
    {
        var factors = sequenceIsLong ? config.RopeScaling?.LongFactor : config.RopeScaling?.ShortFactor;
        return [.. Enumerable.Range(0, config.RotarySize / 2)
            .Select(pair => 1 / ((factors?[pair] ?? 1) * Math.Pow(config.RopeTheta, 2.0 * pair / config.RotarySize)))];
    }

    /// <returns>What cosine and sine are multiplied with: 1.190238 for Phi-4-mini.</returns>
    public static double AttentionFactor(PhiConfig config)
    {
        if (config.RopeScaling is not { } scaling)
        {
            return 1;
        }

        var ratio = (double)config.MaxPositions / config.ShortContext;
        return scaling.AttentionFactor ?? (ratio <= 1 ? 1 : Math.Sqrt(1 + (Math.Log(ratio) / Math.Log(config.ShortContext))));
    }

    /// <summary>Rotates the leading dimensions of each head; halves are rotated against each other, the rest passes through.</summary>
    /// <param name="heads">[B, heads, T, head]</param>
    /// <param name="start">Position of the first token.</param>
    /// <returns>[B, heads, T, head]</returns>
    public Tensor Rotate(Tensor heads, int start)
    {
        using var scope = NewDisposeScope();
        var (tokens, headSize, half) = (heads.shape[2], heads.shape[3], _cos.shape[1]);
        var cos = _cos.narrow(0, start, tokens).to_type(heads.dtype);                       // [T, half]
        var sin = _sin.narrow(0, start, tokens).to_type(heads.dtype);                       // [T, half]
        var first = heads.narrow(3, 0, half);                                               // [B, heads, T, half]
        var second = heads.narrow(3, half, half);                                           // [B, heads, T, half]
        var rest = heads.narrow(3, 2 * half, headSize - (2 * half));                        // [B, heads, T, head - 2 half]
        return cat([(first * cos) - (second * sin), (second * cos).Plus(first * sin), rest], dim: 3).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        _cos.Dispose();
        _sin.Dispose();
    }
}
