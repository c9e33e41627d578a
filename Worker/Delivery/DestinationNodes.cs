using HSENet.Dicom.Sending;
using HSENet.Worker.Configuration;
using HSENet.Worker.Hosting;

namespace HSENet.Worker.Delivery;

/// <summary>Destinations as the nodes that are called.</summary>
internal sealed class DestinationNodes(WorkerSettings settings, DicomTls tls)
{
    public RemoteNode Of(DestinationOptions destination) =>
        new(destination.Host, destination.Port, destination.AeTitle, settings.Dicom.AeTitle) { Tls = tls.Calling(destination) };
}
