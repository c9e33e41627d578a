namespace FellowOakDicom;

/// <summary>A data set does not have what was asked of it, or its bytes are not what they should be.</summary>
public class DicomDataException : DicomException
{
    public DicomDataException(string message)
        : base(message)
    {
    }

    public DicomDataException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
