namespace HSENet.Trainer.Evaluation.Runs;

/// <summary>What <c>evaluate</c> was asked for.</summary>
internal sealed record EvaluationRequest
{
    public required EvaluationTask Task { get; init; }

    /// <summary>A manifest.</summary>
    public required string Data { get; init; }

    /// <summary>A model directory.</summary>
    public required string Model { get; init; }

    /// <summary>Where results go; one that an earlier run of the same model, data and seed left is continued.</summary>
    public required string Out { get; init; }

    /// <summary>The first so many items; null: all.</summary>
    public int? Limit { get; init; }

    /// <summary>Of every draw: templates of questions, shuffles, sentences of reports that are too long. Default 42, as in the reference.</summary>
    public int Seed { get; init; } = 42;

    /// <summary>Reports: once more with the image of another case, as a baseline.</summary>
    public bool SwapImages { get; init; }

    /// <summary>Folder of a training run whose curves go on the page; null: none.</summary>
    public string? Run { get; init; }

    /// <summary>Folder of an encoder for BERTScore; null: none.</summary>
    public string? BertScore { get; init; }

    /// <summary>Entity files for RaTEScore; empty: none.</summary>
    public IReadOnlyList<string> RateScore { get; init; } = [];

    /// <summary>WordNet's folder; null: where Debian puts it, if it is there.</summary>
    public string? WordNet { get; init; }

    /// <summary>Seconds an item that a publication names, shown beside ours; null: none.</summary>
    public double? PublishedSeconds { get; init; }

    /// <summary><c>auto</c>, <c>cpu</c>, <c>cuda</c>, <c>cuda:N</c>.</summary>
    public string Device { get; init; } = "auto";

    /// <summary>Where preprocessed volumes are kept between runs; null: nowhere.</summary>
    public string? Cache { get; init; }
}
