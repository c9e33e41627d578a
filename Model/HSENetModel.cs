namespace HSENet.Model;

/// <summary>A loaded model directory: the facade that hosts use. Not thread safe: one call at a time.</summary>
public sealed class HSENetModel : IDisposable
{
    private HSENetModel()
    {
    }

    public ModelIdentity Identity => throw new NotImplementedException();

    /// <summary>Loads a directory with <c>hsenet.json</c>; all or nothing (<see cref="HSENetModelException"/>).</summary>
    /// <param name="directory">The model directory.</param>
    /// <param name="device"><c>auto</c>, <c>cpu</c>, <c>cuda</c>, <c>cuda:N</c>.</param>
    /// <param name="precision"><c>auto</c>, <c>fp32</c>.</param>
    public static HSENetModel Load(string directory, string device = "auto", string precision = "auto") => throw new NotImplementedException();

    /// <summary>Preprocess, encode, generate.</summary>
    public GeneratedReport Generate(CtInput input, IProgress<ModelStage>? progress, CancellationToken cancellationToken) =>
        throw new NotImplementedException();

    public void Dispose() => throw new NotImplementedException();
}

/// <summary>Who the model is; recorded in every report.</summary>
/// <param name="Name">From hsenet.json.</param>
/// <param name="Version">From hsenet.json.</param>
/// <param name="Digest">SHA-256 (hex) over hsenet.json and every file it names.</param>
/// <param name="Purpose">demonstration, research or clinical-evaluation.</param>
/// <param name="Warning">Sentence that each report must carry; null for none.</param>
public sealed record ModelIdentity(string Name, string Version, string Digest, string Purpose, string? Warning);

public enum ModelStage
{
    Preprocess,
    Encode,
    Prefill,
    Decode,
}

/// <summary>Why generation ended.</summary>
public enum FinishReason
{
    /// <summary>A stop token: the text is complete.</summary>
    Stop,
    Length,
    Time,
    Repetition,
    Empty,
    TooShort,
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
