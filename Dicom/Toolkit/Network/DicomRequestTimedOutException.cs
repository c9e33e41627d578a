namespace FellowOakDicom.Network;

/// <summary>No response to a request within the time of the service options.</summary>
public class DicomRequestTimedOutException(DicomRequest request, TimeSpan timeout)
    : DicomNetworkException($"No response within {timeout.TotalSeconds:0.###} s")
{
    public DicomRequest Request { get; } = request;

    public TimeSpan TimeOut { get; } = timeout;
}
