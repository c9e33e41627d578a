using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Trainer.Evaluation.Retrieval;

/// <summary>Cosine of every query with every document. Ties rank by lower index.</summary>
internal sealed class Similarities
{
    private readonly float[] _values;

    private Similarities(float[] values, int queries, int documents) => (_values, QueryCount, DocumentCount) = (values, queries, documents);

    public int QueryCount { get; }

    public int DocumentCount { get; }

    public float this[int query, int document] => _values[query * DocumentCount + document];

    /// <param name="queries">[Q, dim], any length of vector</param>
    /// <param name="documents">[D, dim]</param>
    public static Similarities Between(Tensor queries, Tensor documents)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var cosine = Normalised(queries).matmul(Normalised(documents).t()).cpu().contiguous(); // [Q, D]
        return new(cosine.data<float>().ToArray(), checked((int)cosine.shape[0]), checked((int)cosine.shape[1]));
    }

    /// <summary>Place of a document among all of them for a query, 0 = nearest.</summary>
    public int Rank(int query, int document)
    {
        var row = _values.AsSpan(query * DocumentCount, DocumentCount);
        var own = row[document];
        var rank = 0;
        for (var i = 0; i < row.Length; i++)
        {
            rank += row[i] > own || (row[i] == own && i < document) ? 1 : 0;
        }

        return rank;
    }

    /// <summary>The nearest of some documents, nearest first.</summary>
    public IReadOnlyList<int> Nearest(int query, IEnumerable<int> documents, int count) =>
        [.. documents.OrderByDescending(document => this[query, document]).ThenBy(document => document).Take(count)];

    private static Tensor Normalised(Tensor features) => nn.functional.normalize(features.to(float32), p: 2, dim: 1); // [n, dim]
}
