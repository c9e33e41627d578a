using FellowOakDicom;
using System.Text;
using FellowOakDicom.Network;
using Microsoft.Extensions.Logging;

namespace HSENet.Toolkit.Contract.Tests.Network;

/// <summary>A service that follows a <see cref="Script"/> and receives as the toolkit does by default.</summary>
internal class ScriptedScp(INetworkStream stream, Encoding fallbackEncoding, ILogger logger, DicomServiceDependencies dependencies)
    : DicomService(stream, fallbackEncoding, logger, dependencies), IDicomServiceProvider, IDicomCEchoProvider, IDicomCStoreProvider
{
    public INetworkStream Connection { get; } = stream;

    public DicomServiceDependencies Dependencies { get; } = dependencies;

    protected Script Script => (Script)UserState!;

    public async Task OnReceiveAssociationRequestAsync(DicomAssociation association)
    {
        Script.Associations.Enqueue(association);
        Script.Negotiate(association);
        await (Script.Answer?.Invoke(this, association) ?? SendAssociationAcceptAsync(association));
    }

    public Task OnReceiveAssociationReleaseRequestAsync()
    {
        Script.Events.Enqueue("release");
        return SendAssociationReleaseResponseAsync();
    }

    public void OnReceiveAbort(DicomAbortSource source, DicomAbortReason reason) => Script.Events.Enqueue($"abort {source} {reason}");

    public void OnConnectionClosed(Exception? exception)
    {
        Script.Events.Enqueue("closed");
        Script.RecordClosed(exception);
    }

    public Task<DicomCEchoResponse> OnCEchoRequestAsync(DicomCEchoRequest request) => Script.OnEcho(request);

    public virtual Task<DicomCStoreResponse> OnCStoreRequestAsync(DicomCStoreRequest request)
    {
        Script.Stored.Enqueue(new StoredInstance(request.SOPInstanceUID?.UID, null, request.File, request));
        return Script.OnStore(request);
    }

    public Task OnCStoreRequestExceptionAsync(string? tempFileName, Exception e)
    {
        Script.Events.Enqueue($"exception {e.GetType().Name}");
        return Task.CompletedTask;
    }

    protected override void Dispose(bool disposing)
    {
        Script.Disposed.TrySetResult(disposing);
        base.Dispose(disposing);
    }

    public Task AcceptAsync(DicomAssociation association) => SendAssociationAcceptAsync(association);

    public Task RejectAsync(DicomRejectResult result, DicomRejectSource source, DicomRejectReason reason) =>
        SendAssociationRejectAsync(result, source, reason);

    public Task AbortAsync(DicomAbortSource source, DicomAbortReason reason) => SendAbortAsync(source, reason);

    public Task RespondAsync(DicomResponse response) => SendResponseAsync(response);
}
