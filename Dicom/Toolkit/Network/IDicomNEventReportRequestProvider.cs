namespace FellowOakDicom.Network;

/// <summary>A service that reports events of actions it was asked for.</summary>
public interface IDicomNEventReportRequestProvider
{
    /// <summary>
    /// The response to an N-ACTION-RQ is with the transport, and was no failure; now an event may be sent on the same association. Calls come one
    /// after the other, beside other requests of the peer; the association may be over before they return.
    /// </summary>
    Task OnSendNEventReportRequestAsync(DicomNActionRequest request);
}
