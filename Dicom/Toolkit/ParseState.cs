namespace FellowOakDicom;

/// <summary>Where the reader is when it asks whether to stop: before the value of <see cref="Tag"/>.</summary>
public class ParseState
{
    /// <summary>The item read before, at any depth; null at the start.</summary>
    public DicomTag PreviousTag { get; set; } = null!;

    public DicomTag Tag { get; set; } = null!;

    /// <summary>0 outside of sequences.</summary>
    public int SequenceDepth { get; set; }
}
