namespace FellowOakDicom;

/// <summary>Base of all the toolkit's exceptions. Messages name tags and counts, never values.</summary>
public abstract class DicomException : Exception
{
    protected DicomException(string message)
        : base(message)
    {
    }

    protected DicomException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
