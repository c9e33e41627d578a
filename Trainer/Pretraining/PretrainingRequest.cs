namespace HSENet.Trainer.Pretraining;

/// <summary>What <c>pretrain</c> was asked for.</summary>
internal sealed record PretrainingRequest
{
    public required string Manifest { get; init; }

    /// <summary>Manifest of the items that the run is measured on; null: none.</summary>
    public string? Validation { get; init; }

    public required string Out { get; init; }

    public required PretrainingSettings Settings { get; init; }

    /// <summary>Start weights, as far as the directory has them; null: random.</summary>
    public string? Init { get; init; }

    /// <summary>Directory of stage 1; null: none.</summary>
    public string? Teacher { get; init; }

    /// <summary>Directory that has the slice encoder; null: the teacher's, else that of the start.</summary>
    public string? SliceEncoder { get; init; }

    /// <summary><c>vocab.txt</c> or <c>tokenizer.json</c> of the text encoder; null: that of the start or the teacher.</summary>
    public string? Vocabulary { get; init; }

    /// <summary>Preprocessed volumes; null: <c>cache</c> in the folder of the run.</summary>
    public string? Cache { get; init; }

    public bool Resume { get; init; }

    /// <summary>As called, for the record.</summary>
    public required IReadOnlyList<string> Command { get; init; }
}
