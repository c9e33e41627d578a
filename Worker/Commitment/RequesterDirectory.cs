using HSENet.Dicom.Sending;
using HSENet.Worker.Configuration;
using HSENet.Worker.Delivery;
using HSENet.Worker.Hosting;

namespace HSENet.Worker.Commitment;

/// <summary>
/// Where results for a requester go: the source of its AE title that has a <c>CommitmentPort</c>, else the destination of that title. Without either there is no
/// address, and no request is taken: a result that cannot be told helps nobody.
/// </summary>
internal sealed class RequesterDirectory(WorkerSettings settings, DestinationNodes destinations, DicomTls tls)
{
    /// <param name="callingAe">Its AE title.</param>
    /// <param name="remoteHost">The address that it called from.</param>
    public RemoteNode? Find(string callingAe, string remoteHost)
    {
        var source = settings.Dicom.Sources.Find(s => s.CommitmentPort > 0 && string.Equals(s.AeTitle, callingAe, StringComparison.Ordinal));
        if (source is not null)
        {
            var host = string.IsNullOrWhiteSpace(source.CommitmentHost) ? remoteHost : source.CommitmentHost;
            return new RemoteNode(host, source.CommitmentPort, callingAe, settings.Dicom.AeTitle) { Tls = source.CommitmentTls ? tls.CallingSource() : null };
        }

        var destination = settings.Destinations.Find(d => string.Equals(d.AeTitle, callingAe, StringComparison.Ordinal));
        return destination is null ? null : destinations.Of(destination);
    }
}
