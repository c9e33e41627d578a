using System.Collections.Concurrent;
using System.Text;
using FellowOakDicom;
using FellowOakDicom.Network;
using FellowOakDicom.Network.Client;
using Microsoft.Extensions.Logging;

namespace HSENet.Integration.Tests;

/// <summary>What one PACS does, shared by its connections.</summary>
internal sealed class PacsScript
{
    public ConcurrentQueue<string> Stored { get; } = new();

    public ConcurrentQueue<DicomDataset> Asked { get; } = new();

    /// <summary>Statuses of our answers to its reports.</summary>
    public ConcurrentQueue<ushort> Answers { get; } = new();

    /// <summary>Changes its answer to a report; null: it keeps the report and answers 0000.</summary>
    public Action<DicomCStoreResponse>? AnswerToStore { get; set; }

    /// <summary>Runs when it is asked, before its response.</summary>
    public Func<ScriptedPacs, DicomDataset, Task<DicomStatus>> BeforeResponse { get; set; } = (_, _) => Task.FromResult(DicomStatus.Success);

    /// <summary>Runs when its response is out.</summary>
    public Func<ScriptedPacs, DicomDataset, Task> AfterResponse { get; set; } = (_, _) => Task.CompletedTask;

    public static DicomNEventReportRequest Report(DicomDataset request, ushort? reason = null)
    {
        var items = request.GetSequence(DicomTag.ReferencedSOPSequence).Items.Select(item => new DicomDataset(item)).ToArray();
        if (reason is { } code)
            Array.ForEach(items, item => item.Add(DicomTag.FailureReason, code));
        return new DicomNEventReportRequest(
            DicomUID.StorageCommitmentPushModel, DicomUID.StorageCommitmentPushModelInstance, (ushort)(reason is null ? 1 : 2))
        {
            Dataset = new DicomDataset
            {
                { DicomTag.TransactionUID, request.GetString(DicomTag.TransactionUID) },
                new DicomSequence(reason is null ? DicomTag.ReferencedSOPSequence : DicomTag.FailedSOPSequence, items),
            },
        };
    }

    /// <summary>Reports on an association of its own to the worker.</summary>
    public async Task CallAsync(int port, DicomNEventReportRequest report, bool withRoles = true)
    {
        var client = DicomClientFactory.Create("127.0.0.1", port, false, "PACS", "HSENET");
        if (!withRoles)
        {
            var context = new DicomPresentationContext(1, DicomUID.StorageCommitmentPushModel);
            context.AddTransferSyntax(DicomTransferSyntax.ImplicitVRLittleEndian);
            client.AdditionalPresentationContexts.Add(context);
        }

        report.OnResponseReceived = (_, response) => Answers.Enqueue(response.Status.Code);
        await client.AddRequestAsync(report);
        await client.SendAsync();
    }
}

/// <summary>A PACS that stores everything and reports on storage commitment as its script says.</summary>
internal sealed class ScriptedPacs(INetworkStream stream, Encoding fallbackEncoding, ILogger logger, DicomServiceDependencies dependencies)
    : DicomService(stream, fallbackEncoding, logger, dependencies), IDicomServiceProvider, IDicomCStoreProvider, IDicomNServiceProvider, IDicomNEventReportRequestProvider
{
    private PacsScript Script => (PacsScript)UserState!;

    public static (IDicomServer Server, PacsScript Script) Start()
    {
        var script = new PacsScript();
        return (DicomServerFactory.Create<ScriptedPacs>("127.0.0.1", 0, userState: script), script);
    }

    /// <summary>Reports on this association.</summary>
    public Task ReportAsync(DicomNEventReportRequest report)
    {
        report.OnResponseReceived = (_, response) => Script.Answers.Enqueue(response.Status.Code);
        return SendRequestAsync(report);
    }

    public Task OnReceiveAssociationRequestAsync(DicomAssociation association)
    {
        foreach (var context in association.PresentationContexts)
            context.AcceptTransferSyntaxes(DicomTransferSyntax.ExplicitVRLittleEndian, DicomTransferSyntax.ImplicitVRLittleEndian);
        return SendAssociationAcceptAsync(association);
    }

    public Task OnReceiveAssociationReleaseRequestAsync() => SendAssociationReleaseResponseAsync();

    public void OnReceiveAbort(DicomAbortSource source, DicomAbortReason reason)
    {
    }

    public void OnConnectionClosed(Exception? exception)
    {
    }

    public Task<DicomCStoreResponse> OnCStoreRequestAsync(DicomCStoreRequest request)
    {
        var response = new DicomCStoreResponse(request, DicomStatus.Success);
        if (Script.AnswerToStore is { } change)
            change(response);
        else
            Script.Stored.Enqueue(request.SOPInstanceUID!.UID);
        return Task.FromResult(response);
    }

    public Task OnCStoreRequestExceptionAsync(string? tempFileName, Exception e) => Task.CompletedTask;

    public async Task<DicomNActionResponse> OnNActionRequestAsync(DicomNActionRequest request)
    {
        Script.Asked.Enqueue(request.Dataset!);
        return new DicomNActionResponse(request, await Script.BeforeResponse(this, request.Dataset!));
    }

    public Task OnSendNEventReportRequestAsync(DicomNActionRequest request) => Script.AfterResponse(this, request.Dataset!);

    public Task<DicomNCreateResponse> OnNCreateRequestAsync(DicomNCreateRequest request) => throw new NotSupportedException();

    public Task<DicomNDeleteResponse> OnNDeleteRequestAsync(DicomNDeleteRequest request) => throw new NotSupportedException();

    public Task<DicomNEventReportResponse> OnNEventReportRequestAsync(DicomNEventReportRequest request) => throw new NotSupportedException();

    public Task<DicomNGetResponse> OnNGetRequestAsync(DicomNGetRequest request) => throw new NotSupportedException();

    public Task<DicomNSetResponse> OnNSetRequestAsync(DicomNSetRequest request) => throw new NotSupportedException();
}
