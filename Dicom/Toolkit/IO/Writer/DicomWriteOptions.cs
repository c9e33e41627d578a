namespace FellowOakDicom.IO.Writer;

/// <summary>How sequences are written.</summary>
public class DicomWriteOptions
{
    public DicomWriteOptions()
    {
    }

    public DicomWriteOptions(DicomWriteOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ExplicitLengthSequences = options.ExplicitLengthSequences;
        ExplicitLengthSequenceItems = options.ExplicitLengthSequenceItems;
    }

    /// <summary>The options used when none are given.</summary>
    public static DicomWriteOptions Default => new();

    /// <summary>True to write the length of a sequence; false (the default) to end it by a delimiter.</summary>
    public bool ExplicitLengthSequences { get; set; }

    /// <summary>True to write the length of each item; false (the default) to end it by a delimiter.</summary>
    public bool ExplicitLengthSequenceItems { get; set; }
}
