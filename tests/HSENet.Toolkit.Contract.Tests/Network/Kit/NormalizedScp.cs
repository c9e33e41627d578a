using System.Text;
using FellowOakDicom.Network;
using Microsoft.Extensions.Logging;

namespace HSENet.Toolkit.Contract.Tests.Network;

/// <summary>A service of normalized operations that follows a <see cref="Script"/>.</summary>
internal sealed class NormalizedScp(INetworkStream stream, Encoding fallbackEncoding, ILogger logger, DicomServiceDependencies dependencies)
    : ScriptedScp(stream, fallbackEncoding, logger, dependencies), IDicomNServiceProvider, IDicomNEventReportRequestProvider
{
    public Task<DicomNActionResponse> OnNActionRequestAsync(DicomNActionRequest request)
    {
        Script.Requests.Enqueue(request);
        return Script.OnAction(request);
    }

    public Task<DicomNCreateResponse> OnNCreateRequestAsync(DicomNCreateRequest request)
    {
        Script.Requests.Enqueue(request);
        return Task.FromResult(new DicomNCreateResponse(request, DicomStatus.Success));
    }

    public Task<DicomNDeleteResponse> OnNDeleteRequestAsync(DicomNDeleteRequest request)
    {
        Script.Requests.Enqueue(request);
        return Task.FromResult(new DicomNDeleteResponse(request, DicomStatus.Success));
    }

    public Task<DicomNEventReportResponse> OnNEventReportRequestAsync(DicomNEventReportRequest request)
    {
        Script.Requests.Enqueue(request);
        return Task.FromResult(new DicomNEventReportResponse(request, DicomStatus.Success));
    }

    public Task<DicomNGetResponse> OnNGetRequestAsync(DicomNGetRequest request)
    {
        Script.Requests.Enqueue(request);
        return Script.OnGet(request);
    }

    public Task<DicomNSetResponse> OnNSetRequestAsync(DicomNSetRequest request)
    {
        Script.Requests.Enqueue(request);
        return Task.FromResult(new DicomNSetResponse(request, DicomStatus.Success));
    }

    public Task OnSendNEventReportRequestAsync(DicomNActionRequest request) => Script.OnEventDue(this, request);
}
