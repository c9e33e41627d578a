using System.Text;
using FellowOakDicom.Network.Client.EventArguments;
using FellowOakDicom.Network.Tls;
using Microsoft.Extensions.Logging;

namespace FellowOakDicom.Network.Client;

/// <summary>Sends requests to one peer. Requests are added from any thread; one <see cref="SendAsync"/> runs at a time.</summary>
public interface IDicomClient
{
    /// <summary>The peer answered the association request; contexts have their results.</summary>
    event EventHandler<AssociationAcceptedEventArgs>? AssociationAccepted;

    event EventHandler<AssociationRejectedEventArgs>? AssociationRejected;

    /// <summary>Released in good order.</summary>
    event EventHandler? AssociationReleased;

    /// <summary>An attempt to connect or associate took too long; another one follows unless it was the last.</summary>
    event EventHandler<AssociationRequestTimedOutEventArgs>? AssociationRequestTimedOut;

    /// <summary>A request was not answered within <see cref="DicomServiceOptions.RequestTimeout"/>; the association is aborted.</summary>
    event EventHandler<RequestTimedOutEventArgs>? RequestTimedOut;

    string Host { get; }

    int Port { get; }

    /// <summary>Null: no TLS.</summary>
    ITlsInitiator? TlsInitiator { get; }

    string CallingAe { get; }

    string CalledAe { get; }

    ILogger Logger { get; set; }

    DicomServiceOptions ServiceOptions { get; }

    DicomClientOptions ClientOptions { get; }

    /// <summary>Proposed besides what the requests need.</summary>
    List<DicomPresentationContext> AdditionalPresentationContexts { get; set; }

    /// <summary>Character set of data sets that name none. Default ASCII.</summary>
    Encoding FallbackEncoding { get; set; }

    /// <summary>Called for each event that the peer reports while the association is open. Null: they are refused with 0211.</summary>
    DicomClientNEventReportRequestHandler? OnNEventReportRequest { get; set; }

    /// <summary>True while requests wait.</summary>
    bool IsSendRequired { get; }

    /// <summary>
    /// Proposes an asynchronous operations window, 0 for no limit (PS3.7 D.3.3.3). As many requests as the peer then allows, but no more than 16
    /// where neither side has a limit, are outstanding at a time. Without a window each request waits for the response to the one before.
    /// </summary>
    void NegotiateAsyncOps(int invoked = 0, int performed = 0);

    Task AddRequestAsync(DicomRequest dicomRequest);

    Task AddRequestsAsync(IEnumerable<DicomRequest> dicomRequests);

    /// <summary>
    /// Sends the waiting requests in order, as many at a time as the window allows. Responses go to the requests' callbacks, one call at a time. A request without an accepted context gets
    /// <see cref="DicomStatus.SOPClassNotSupported"/> as its response. After an exception, the requests that were not begun still wait; those under way
    /// are not repeated, and whether the peer carried them out is unknown. Cancelled queries are ended by C-CANCEL-RQ and the association is
    /// released, if the mode says so; any other operation under way can only be aborted.
    /// </summary>
    /// <exception cref="DicomAssociationRejectedException">Rejected.</exception>
    /// <exception cref="DicomAssociationAbortedException">Aborted by the peer.</exception>
    /// <exception cref="DicomAssociationRequestTimedOutException">No answer to the association request.</exception>
    /// <exception cref="DicomRequestTimedOutException">No response; the association was aborted.</exception>
    /// <exception cref="DicomNetworkException">No connection, or it was lost.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
#pragma warning disable CA1068 // The order is that of fo-dicom's API
    Task SendAsync(
        CancellationToken cancellationToken = default,
        DicomClientCancellationMode cancellationMode = DicomClientCancellationMode.ImmediatelyReleaseAssociation);
#pragma warning restore CA1068
}
