using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using FellowOakDicom;
using FellowOakDicom.Network;
using HSENet.TestKit;
using Microsoft.Extensions.Logging;

namespace HSENet.Faults.Site;

/// <summary>A report as the PACS got it, once for each time that it got it.</summary>
/// <param name="StudyUid">Its study: one for each series of these cases.</param>
/// <param name="SopInstanceUid">Its own identity.</param>
/// <param name="Digest">SHA-256 of its data set.</param>
/// <param name="Slices">SOP Instance UIDs of its evidence.</param>
/// <param name="IsPartial">It calls itself partial.</param>
internal sealed record HeldReport(string StudyUid, string SopInstanceUid, string Digest, IReadOnlyList<string> Slices, bool IsPartial);

/// <summary>A PACS with moods that keeps what it got. It can be gone, and come back at the same port with what it held.</summary>
internal sealed class FaultPacs : IDisposable
{
    public const string AeTitle = "PACS";

    private IDicomServer? _server;

    public int Port { get; } = FreePort.Next();

    public PacsMode Mode { get; set; }

    /// <summary>How often a report came to it, whatever became of it then.</summary>
    public int Arrivals => _arrivals;

    /// <summary>How long it takes before it answers.</summary>
    public TimeSpan Pause { get; set; } = TimeSpan.FromMilliseconds(60);

    public ConcurrentQueue<HeldReport> Held { get; } = new();

    private int _arrivals;

    public void Open() => _server = DicomServerFactory.Create<Connection>("127.0.0.1", Port, userState: this);

    /// <summary>It is gone, with its connections.</summary>
    public void Close()
    {
        _server?.Dispose();
        _server = null;
    }

    public void Dispose() => Close();

    private static HeldReport Read(DicomDataset report)
    {
        using var bytes = new MemoryStream();
        new DicomFile(report).Save(bytes);
        var slices =
            from study in report.GetSequence(DicomTag.CurrentRequestedProcedureEvidenceSequence).Items
            from series in study.GetSequence(DicomTag.ReferencedSeriesSequence).Items
            from slice in series.GetSequence(DicomTag.ReferencedSOPSequence).Items
            select slice.GetString(DicomTag.ReferencedSOPInstanceUID);
        return new(
            report.GetString(DicomTag.StudyInstanceUID),
            report.GetString(DicomTag.SOPInstanceUID),
            Convert.ToHexStringLower(SHA256.HashData(bytes.ToArray())),
            [.. slices],
            report.GetString(DicomTag.CompletionFlag) != "COMPLETE");
    }

    private sealed class Connection(INetworkStream stream, Encoding fallbackEncoding, ILogger logger, DicomServiceDependencies dependencies)
        : DicomService(stream, fallbackEncoding, logger, dependencies), IDicomServiceProvider, IDicomCStoreProvider
    {
        private FaultPacs Pacs => (FaultPacs)UserState!;

        public Task OnReceiveAssociationRequestAsync(DicomAssociation association)
        {
            if (Pacs.Mode == PacsMode.Reject)
                return SendAssociationRejectAsync(DicomRejectResult.Transient, DicomRejectSource.ServiceProviderPresentation, DicomRejectReason.TemporaryCongestion);
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

        public async Task<DicomCStoreResponse> OnCStoreRequestAsync(DicomCStoreRequest request)
        {
            var mode = Pacs.Mode;
            Interlocked.Increment(ref Pacs._arrivals);
            if (mode == PacsMode.OutOfResources)
                return new DicomCStoreResponse(request, DicomStatus.StorageStorageOutOfResources);
            if (mode == PacsMode.AbortBefore)
                await SendAbortAsync(DicomAbortSource.ServiceUser, DicomAbortReason.NotSpecified);
            else
                Pacs.Held.Enqueue(Read(request.Dataset!));
            if (mode == PacsMode.AbortAfter)
                await SendAbortAsync(DicomAbortSource.ServiceUser, DicomAbortReason.NotSpecified);
            await Task.Delay(mode == PacsMode.Slow ? TimeSpan.FromSeconds(2) : Pacs.Pause);
            return new DicomCStoreResponse(request, DicomStatus.Success);
        }

        public Task OnCStoreRequestExceptionAsync(string? tempFileName, Exception e) => Task.CompletedTask;
    }
}
