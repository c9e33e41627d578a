namespace HSENet.Faults;

/// <summary>What became of a case.</summary>
internal sealed record Tally(string Case, int Seed)
{
    /// <summary>Repetitions to the end.</summary>
    public int Times { get; set; }

    public int Series { get; set; }

    /// <summary>Instances answered with 0000.</summary>
    public int Answered { get; set; }

    /// <summary>Answers that were no success: the scanner sent again.</summary>
    public int Refused { get; set; }

    /// <summary>Series answered whole, of which the PACS has no report.</summary>
    public int Lost { get; set; }

    /// <summary>Series of which it has more than one, or one that is not of all that was answered.</summary>
    public int Wrong { get; set; }

    /// <summary>The same report sent again, byte for byte: the PACS keeps one.</summary>
    public int SentAgain { get; set; }

    /// <summary>The longest wait from the last answer to the last report.</summary>
    public TimeSpan Longest { get; set; }

    public TimeSpan Took { get; set; }

    public string? Skipped { get; set; }

    public bool IsClean => Lost == 0 && Wrong == 0;

    public const string Header = """
        | case | times | series | answered 0000 | other answers | lost | not exactly one | sent again | longest wait | seed |
        |---|---:|---:|---:|---:|---:|---:|---:|---:|---:|
        """;

    public override string ToString() => Skipped is not null
        ? $"| {Case} | skipped: {Skipped} | | | | | | | | {Seed} |"
        : $"| {Case} | {Times} | {Series} | {Answered} | {Refused} | {Lost} | {Wrong} | {SentAgain} | {Longest.TotalSeconds:0.0} s | {Seed} |";
}
