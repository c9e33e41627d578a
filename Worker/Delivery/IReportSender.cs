using FellowOakDicom;
using HSENet.Dicom.Reports;
using HSENet.Dicom.Sending;

namespace HSENet.Worker.Delivery;

/// <summary>Sends the stored bytes of a report.</summary>
internal interface IReportSender
{
    Task<SendOutcome> SendAsync(RemoteNode node, byte[] document, CancellationToken cancellationToken);
}

/// <summary>One association for each report.</summary>
internal sealed class StoreScuSender : IReportSender
{
    public async Task<SendOutcome> SendAsync(RemoteNode node, byte[] document, CancellationToken cancellationToken)
    {
        using var stream = new MemoryStream(document, writable: false);
        var file = await DicomFile.OpenAsync(stream);
        return await StoreScu.SendAsync(node, file, SrClasses.SopClasses, cancellationToken);
    }
}
