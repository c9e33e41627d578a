namespace FellowOakDicom.Network.Client.EventArguments;

/// <summary>Which request was not answered in time.</summary>
public class RequestTimedOutEventArgs(DicomRequest request, TimeSpan timeout) : EventArgs
{
    public DicomRequest Request { get; } = request;

    public TimeSpan Timeout { get; } = timeout;
}
