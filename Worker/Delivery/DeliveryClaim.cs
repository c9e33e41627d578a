using HSENet.Dicom.Reports;

namespace HSENet.Worker.Delivery;

/// <summary>A delivery that this process holds, with the bytes to send.</summary>
internal sealed record DeliveryClaim
{
    public required Guid DeliveryId { get; init; }

    public required Guid JobId { get; init; }

    public required Guid SeriesKey { get; init; }

    public required string Destination { get; init; }

    public required long Fence { get; init; }

    public required int Attempt { get; init; }

    /// <summary>W3C traceparent of what made the job; null when it was not traced.</summary>
    public string? TraceContext { get; init; }

    /// <summary>Seconds since the job was made, at the claim.</summary>
    public double JobAgeSeconds { get; init; }

    /// <summary>Class that it was settled on before this attempt; null: nothing may have left for it yet.</summary>
    public string? SettledClass { get; init; }

    /// <summary>Class of the document.</summary>
    public SrClass SrClass { get; init; }

    /// <summary>Its images were corrected since: it is not to be sent.</summary>
    public bool IsOutdated { get; init; }

    public required string SopInstanceUid { get; init; }

    /// <summary>Of a report in another class: SOP Instance UID of the same as Basic Text SR.</summary>
    public string? ReportUid { get; init; }

    public required byte[] Document { get; init; }

    /// <summary>What the model of the report is for; null when its manifest did not tell.</summary>
    public string? ModelPurpose { get; init; }
}
