namespace HSENet.Model;

/// <summary>
/// A volume or a text in the shared spaces of the contrastive stages, each vector of length 1. The spaces are separate: only vectors of the same stage
/// can be compared.
/// </summary>
public sealed record ContrastiveEmbedding
{
    /// <summary>Stage 1, the whole volume; null where the model does not have it.</summary>
    public float[]? Stage1 { get; init; }

    /// <summary>Stage 2, guided by the slices, which the published retrieval uses; null where the model does not have it.</summary>
    public float[]? Stage2 { get; init; }

    /// <summary>Cosine similarity, -1 to 1, in stage 2 where both have it, else in stage 1: what reports are ranked by against a volume, and the reverse.</summary>
    /// <exception cref="InvalidOperationException">They have no stage in common, or its widths differ.</exception>
    public double Similarity(ContrastiveEmbedding other)
    {
        var (a, b) = Stage2 is not null && other.Stage2 is not null ? (Stage2, other.Stage2)
            : Stage1 is not null && other.Stage1 is not null ? (Stage1, other.Stage1)
            : throw new InvalidOperationException("The embeddings have no stage in common.");
        return a.Length == b.Length ? a.Zip(b, (x, y) => (double)x * y).Sum() : throw new InvalidOperationException("The embeddings are of models of different widths.");
    }
}
