namespace HSENet.Model;

/// <summary>What the model is doing.</summary>
public enum ModelStage
{
    Preprocess,
    Encode,
    Prefill,
    Decode,
}

/// <summary>Why generation ended. Nothing but <see cref="Stop"/> means that the text is complete.</summary>
public enum FinishReason
{
    /// <summary>A stop token: the text is complete.</summary>
    Stop,

    /// <summary>The largest number of new tokens was reached.</summary>
    Length,

    /// <summary>The wall-clock limit was reached.</summary>
    Time,

    /// <summary>The decoder was caught in a loop.</summary>
    Repetition,

    /// <summary>No text at all.</summary>
    Empty,

    /// <summary>A stop token after fewer tokens than a report can have.</summary>
    TooShort,

    /// <summary>The network computed values that are not finite after it had begun to write.</summary>
    NotFinite,

    /// <summary>It ended by itself, and a sentence of it breaks off.</summary>
    Unfinished,

    /// <summary>It ended by itself, and tells the same finding twice.</summary>
    Duplicate,

    /// <summary>It ended by itself, and contradicts itself about a side, or tells and denies the same finding.</summary>
    Contradiction,

    /// <summary>It ended by itself, and tells a size that no such finding has.</summary>
    Implausible,
}

/// <summary>Seconds spent in each stage.</summary>
public sealed record StageSeconds(double Preprocess, double Encode, double Prefill, double Decode);

/// <summary>A generated draft.</summary>
public sealed record GeneratedReport
{
    public required string Findings { get; init; }

    /// <summary>Empty when the model writes findings only.</summary>
    public required string Impression { get; init; }

    public required FinishReason FinishReason { get; init; }

    /// <summary>Tokens generated.</summary>
    public required int Tokens { get; init; }

    public required StageSeconds Seconds { get; init; }

    /// <summary>Scores of the 2E3 tower; null when the model has none.</summary>
    public PatchScoreMap? PatchScores { get; init; }
}
