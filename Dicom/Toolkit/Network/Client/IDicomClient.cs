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

    /// <summary>Called for each event that the peer reports while the association is open. Null: they are refused with 0211.</summary>
    DicomClientNEventReportRequestHandler? OnNEventReportRequest { get; set; }

    /// <summary>True while requests wait.</summary>
    bool IsSendRequired { get; }

    /// <summary>Proposes an asynchronous operations window, 0 for no limit. The client itself works one request at a time.</summary>
    void NegotiateAsyncOps(int invoked = 0, int performed = 0);

    Task AddRequestAsync(DicomRequest dicomRequest);

    Task AddRequestsAsync(IEnumerable<DicomRequest> dicomRequests);

    /// <summary>
    /// Sends the waiting requests in order, each after the response to the one before. A request without an accepted context gets
    /// <see cref="DicomStatus.SOPClassNotSupported"/> as its response. After an exception, the requests that were not begun still wait; the one under way
    /// is not repeated, and whether the peer carried it out is unknown.
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
