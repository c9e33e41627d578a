using System.Collections.Concurrent;
using System.Text;
using FellowOakDicom.Network.Client.EventArguments;
using FellowOakDicom.Network.Tls;
using Microsoft.Extensions.Logging;

namespace FellowOakDicom.Network.Client;

/// <summary>Opens associations for waiting requests.</summary>
internal sealed partial class DicomClient(
    ClientTarget target, DicomClientOptions clientOptions, DicomServiceOptions serviceOptions, DicomServiceDependencies dependencies)
    : IDicomClient
{
    private readonly ConcurrentQueue<DicomRequest> _requests = new();
    private (int Invoked, int Performed)? _asyncOps;
    private int _isSending;

    public event EventHandler<AssociationAcceptedEventArgs>? AssociationAccepted;

    public event EventHandler<AssociationRejectedEventArgs>? AssociationRejected;

    public event EventHandler? AssociationReleased;

    public event EventHandler<AssociationRequestTimedOutEventArgs>? AssociationRequestTimedOut;

    public event EventHandler<RequestTimedOutEventArgs>? RequestTimedOut;

    public string Host => target.Host;

    public int Port => target.Port;

    public ITlsInitiator? TlsInitiator => target.TlsInitiator;

    public string CallingAe => target.CallingAe;

    public string CalledAe => target.CalledAe;

    public ILogger Logger { get; set; } = dependencies.LoggerFactory.CreateLogger("FellowOakDicom.Network");

    public DicomServiceOptions ServiceOptions { get; } = serviceOptions;

    public DicomClientOptions ClientOptions { get; } = clientOptions;

    public List<DicomPresentationContext> AdditionalPresentationContexts { get; set; } = [];

    public Encoding FallbackEncoding { get; set; } = DicomEncoding.Default;

    public DicomClientNEventReportRequestHandler? OnNEventReportRequest { get; set; }

    public bool IsSendRequired => !_requests.IsEmpty;

    private TimeSpan ReleaseLimit => TimeSpan.FromMilliseconds(ClientOptions.AssociationReleaseTimeoutInMs);

    public void NegotiateAsyncOps(int invoked = 0, int performed = 0) => _asyncOps = (invoked, performed);

    public Task AddRequestAsync(DicomRequest dicomRequest)
    {
        ArgumentNullException.ThrowIfNull(dicomRequest);
        Enqueue(dicomRequest);
        return Task.CompletedTask;
    }

    public Task AddRequestsAsync(IEnumerable<DicomRequest> dicomRequests)
    {
        ArgumentNullException.ThrowIfNull(dicomRequests);
        foreach (var request in dicomRequests)
        {
            Enqueue(request);
        }

        return Task.CompletedTask;
    }
}
