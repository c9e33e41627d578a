using System.Collections.Concurrent;
using HSENet.Dicom.Reports;
using HSENet.Worker.Configuration;

namespace HSENet.Worker.Delivery;

/// <summary>
/// Which SR class a destination took last, so that not each report is offered in vain first. Asked anew every hour: it may take a better
/// one by then.
/// </summary>
internal sealed class NegotiatedClasses(TimeProvider time)
{
    private static readonly TimeSpan KeepFor = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<string, (SrClass Class, long At)> _classes = new(StringComparer.Ordinal);

    /// <summary>In which a report that has not been sent there yet is offered.</summary>
    public SrClass Of(DestinationOptions destination) =>
        SrClasses.Parse(destination.SrClass) ?? (_classes.TryGetValue(destination.Name, out var known) && time.GetElapsedTime(known.At) < KeepFor ? known.Class : SrClass.Basic);

    public void Learn(string destination, SrClass srClass) => _classes[destination] = (srClass, time.GetTimestamp());
}
