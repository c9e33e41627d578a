using HSENet.Dicom.Series;
using HSENet.Model;

namespace HSENet.Worker.Observability;

/// <summary>Told about progress inside this process, after the fact is committed. Register as many as needed; exceptions are logged and dropped.</summary>
internal interface IWorkObserver
{
    /// <summary>The SCP accepts associations.</summary>
    void Listening(int port)
    {
    }

    /// <summary>An association's end was recorded.</summary>
    void AssociationClosed(AssociationSummary summary)
    {
    }

    /// <summary>A series left the state receiving.</summary>
    void SeriesEnded(SeriesEnd end)
    {
    }

    /// <summary>A job reached a stage of its run.</summary>
    void JobStage(Guid jobId, WorkStage stage)
    {
    }

    /// <summary>A report was stored with its job.</summary>
    void Drafted(DraftedWork work)
    {
    }

    /// <summary>A job ended without a report: failed or dead, or it will be tried again (<c>ready</c>).</summary>
    void JobNotDrafted(Guid jobId, string state, string code, string detail)
    {
    }

    /// <summary>An attempt to deliver ended.</summary>
    void DeliveryAttempted(DeliveryAttempt attempt)
    {
    }
}

/// <summary>What a job is doing.</summary>
internal enum WorkStage
{
    Claimed,
    Read,
    Preprocess,
    Encode,
    Prefill,
    Decode,
    Report,
}

/// <summary>Counts of one association.</summary>
internal sealed record AssociationSummary(Guid AssociationId, string CallingAe, string Ending, int Stored, int Duplicates, int Conflicts, int Refused);

/// <param name="SeriesKey">Our key.</param>
/// <param name="SeriesInstanceUid">Series Instance UID.</param>
/// <param name="State"><c>closed</c> or <c>refused</c>.</param>
/// <param name="Completeness"><c>complete</c> or <c>partial</c>.</param>
/// <param name="InstanceCount">Instances in the series.</param>
/// <param name="RefusalCode">Reason code when refused.</param>
/// <param name="RefusalDetail">Numbers for an operator; null when not refused.</param>
/// <param name="JobIds">Jobs made of it; none when refused or when nothing changed.</param>
internal sealed record SeriesEnd(
    Guid SeriesKey, string SeriesInstanceUid, string State, string Completeness, int InstanceCount, string? RefusalCode, string? RefusalDetail,
    IReadOnlyList<Guid> JobIds);

/// <summary>A report and what it was made from, while still in memory.</summary>
internal sealed record DraftedWork
{
    public required Guid JobId { get; init; }

    public required Guid SeriesKey { get; init; }

    public required string SopInstanceUid { get; init; }

    /// <summary>The Part 10 file.</summary>
    public required byte[] Document { get; init; }

    /// <summary>The report as plain text.</summary>
    public required string Text { get; init; }

    /// <summary>The reproducibility manifest, JSON.</summary>
    public required string Manifest { get; init; }

    public required SourceSeries Source { get; init; }

    public required ModelIdentity Model { get; init; }

    public required CtVolume Volume { get; init; }

    public required GeneratedReport Generated { get; init; }

    /// <summary>Seconds spent reading the series into a volume.</summary>
    public required double ReadSeconds { get; init; }
}

/// <param name="JobId">Whose report.</param>
/// <param name="Destination">Its name in the settings.</param>
/// <param name="State"><c>stored</c>, <c>pending</c> (will be tried again) or <c>failed</c>.</param>
/// <param name="Code">Null when stored without a warning.</param>
/// <param name="Detail">For the operator.</param>
internal sealed record DeliveryAttempt(Guid JobId, string Destination, string State, string? Code, string? Detail);
