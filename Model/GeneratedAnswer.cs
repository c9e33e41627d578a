namespace HSENet.Model;

/// <summary>The answer to a question about a volume.</summary>
public sealed record GeneratedAnswer
{
    /// <summary>Without white space around it; empty when nothing was written.</summary>
    public required string Text { get; init; }

    /// <summary>Nothing but <see cref="FinishReason.Stop"/> means that the answer is complete.</summary>
    public required FinishReason FinishReason { get; init; }

    /// <summary>Tokens generated.</summary>
    public required int Tokens { get; init; }

    public required StageSeconds Seconds { get; init; }
}
