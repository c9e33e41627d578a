using System.Text;
using static TorchSharp.torch;

namespace HSENet.Model.Tests;

/// <summary>The weights of the small golden models: sine of the index and a seed made of the key, scaled by kind (text-and-formats.json, weight_rule).</summary>
internal static class GoldenRule
{
    /// <param name="key">The full key: its bytes are the seed.</param>
    /// <param name="kind"><c>mat</c>, <c>emb</c>, <c>norm</c> or <c>bias</c>.</param>
    /// <param name="shape">C order.</param>
    public static Tensor Tensor(string key, string kind, long[] shape)
    {
        var seed = Encoding.UTF8.GetBytes(key).Sum(b => b) % 1009;
        var values = Enumerable.Range(0, (int)shape.Aggregate(1L, (a, b) => a * b)).Select(i => Math.Sin((0.37 * (i + 1)) + seed)).Select(s => kind switch
        {
            "mat" => 0.15 * s,
            "emb" => 0.5 * s,
            "norm" => 1 + (0.1 * s),
            _ => 0.05 * s,
        });
        return tensor(values.Select(value => (float)value).ToArray(), shape);
    }
}
