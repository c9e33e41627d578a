namespace FellowOakDicom.Network;

/// <summary>Something on the network, or of the peer's doing, went wrong. Messages hold no patient data.</summary>
public class DicomNetworkException : DicomException
{
    public DicomNetworkException(string message)
        : base(message)
    {
    }

    public DicomNetworkException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
