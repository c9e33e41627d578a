namespace HSENet.Trainer.Evaluation.Contextual;

/// <summary>The tokens of a text: where the encoder puts them, and how much each counts. Begin and end count nothing and can be matched.</summary>
internal sealed class WeightedTokens
{
    private readonly float[] _vectors;
    private readonly int _width;

    /// <param name="vectors">Row-major (tokens, width), any length of vector; normalised in place.</param>
    /// <param name="weights">One for each token.</param>
    public WeightedTokens(float[] vectors, IReadOnlyList<double> weights)
    {
        (_vectors, Weights, _width) = (vectors, weights, weights.Count == 0 ? 0 : vectors.Length / weights.Count);
        for (var token = 0; token < weights.Count; token++)
        {
            var vector = vectors.AsSpan(token * _width, _width);
            var length = Math.Sqrt(Dot(vector, vector));
            for (var i = 0; i < vector.Length; i++)
            {
                vector[i] = (float)(vector[i] / Math.Max(length, 1e-12));
            }
        }
    }

    public int Count => Weights.Count;

    public IReadOnlyList<double> Weights { get; }

    public double Cosine(int token, WeightedTokens other, int otherToken) => Dot(Vector(token), other.Vector(otherToken));

    private static double Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double sum = 0;
        for (var i = 0; i < a.Length; i++)
        {
            sum += (double)a[i] * b[i];
        }

        return sum;
    }

    private ReadOnlySpan<float> Vector(int token) => _vectors.AsSpan(token * _width, _width);
}
