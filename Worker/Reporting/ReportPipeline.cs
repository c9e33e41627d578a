using System.Diagnostics;
using HSENet.Dicom.Reports;
using HSENet.Dicom.Series;
using HSENet.Model;
using HSENet.Worker.Configuration;
using HSENet.Worker.Inference;
using HSENet.Worker.Ingest;
using HSENet.Worker.Observability;
using HSENet.Worker.Series;

namespace HSENet.Worker.Reporting;

/// <summary>What came of a run. Anything unexpected is an exception and tried again.</summary>
internal abstract record PipelineResult
{
    private PipelineResult()
    {
    }

    public sealed record Drafted(FinishedDraft Draft, DraftedWork Work) : PipelineResult;

    /// <summary>The spool has the report of this content already, which the database does not know: these bytes and no others.</summary>
    public sealed record Kept(FinishedDraft Draft) : PipelineResult;

    /// <param name="Code">Stable reason code.</param>
    /// <param name="Detail">For the operator; no patient data.</param>
    public sealed record Refused(string Code, string Detail) : PipelineResult;
}

/// <summary>From the files of a claimed job to the bytes of its report: read, generate, build.</summary>
internal sealed class ReportPipeline(
    WorkerSettings settings, SeriesStore seriesStore, SpoolStore spool, ISeriesReader reader, ModelShelf models, Deployment deployment, ReportKeeper keeper,
    WorkerMetrics metrics, TimeProvider time)
{
    public async Task<PipelineResult> RunAsync(JobClaim claim, Action<WorkStage> stage, CancellationToken cancellationToken)
    {
        if (claim.Destinations is null)
        {
            throw new WorkerException("job.destinations", "the row is older than this program and no gateway has started since");
        }

        var lost = await keeper.FindLostAsync(claim, cancellationToken);
        if (lost?.Document is not null)
        {
            return new PipelineResult.Kept(ReportKeeper.ToDraft(claim.JobId, lost));
        }

        // the database may have been made anew since this process started
        await deployment.LoadAsync(cancellationToken);
        var instances = await InstancesAsync(claim, cancellationToken);
        string[] files = [.. instances.Select(i => spool.PathOf(claim.SeriesKey, i.InstanceKey))];
        stage(WorkStage.Read);
        var started = Stopwatch.GetTimestamp();
        SeriesReading reading;
        using (Tracing.Start("hsenet.read", null))
        {
            reading = await Task.Run(() => Read(claim, instances, files, cancellationToken), cancellationToken);
        }

        var readSeconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        metrics.Stage("read", readSeconds);
        if (reading is SeriesReading.Refused refused)
        {
            return new PipelineResult.Refused(refused.Reason.Code(), refused.Detail);
        }

        var readable = (SeriesReading.Readable)reading;
        var content = ContentDecision.Of(readable.Volume, settings.Series, claim.Mode == "shadow");
        if (content.Refusal is { } found)
        {
            return new PipelineResult.Refused(found.Reason.Code(), found.Detail);
        }

        readable = readable with { Notes = [.. readable.Notes, .. content.Notes] };
        var digests = new InputDigests(readable.Volume.HuSha256(), SeriesInstance.HeaderHash(instances));
        if (lost is null && await keeper.FindLostSameAsync(claim, digests, cancellationToken) is { } same)
        {
            return new PipelineResult.Kept(ReportKeeper.ToDraft(claim.JobId, same));
        }

        // of the same images; or of what they were before, which is the newest one there is when the database knows none
        var before = lost ?? (claim.PredecessorSopUid is null ? await keeper.FindLostPredecessorAsync(claim, cancellationToken) : null);
        claim = claim with { IsIdentityCorrected = await seriesStore.IsCorrectedAsync(claim.SeriesKey, claim.SeriesRevision, cancellationToken) };

        // one model at a time: whoever else needs one waits, and none is unloaded while it writes
        return await models.WithAsync(
            claim.Model,
            async model =>
            {
                var begun = time.GetUtcNow();
                var generated = await model.GenerateAsync(readable.Volume, new StageProgress(stage), cancellationToken);
                Measure(begun, generated.Seconds);
                stage(WorkStage.Report);
                return Build(claim, readable, content, digests, model, generated, readSeconds, before);
            },
            cancellationToken);
    }

    private void Measure(DateTimeOffset begun, StageSeconds seconds)
    {
        (string Stage, double Seconds)[] stages =
            [("preprocess", seconds.Preprocess), ("encode", seconds.Encode), ("prefill", seconds.Prefill), ("decode", seconds.Decode)];
        foreach (var (stage, length) in stages)
        {
            metrics.Stage(stage, length);
            Tracing.Record($"hsenet.{stage}", begun, TimeSpan.FromSeconds(length));
            begun += TimeSpan.FromSeconds(length);
        }
    }

    private PipelineResult.Drafted Build(
        JobClaim claim, SeriesReading.Readable reading, ContentDecision content, InputDigests digests, IReportModel model,
        GeneratedReport generated, double readSeconds, KeptReport? before)
    {
        var reportId = ReportIdentity.Of(claim.JobId, model.Identity.Digest, claim.ReportCreatedAt, before?.SopInstanceUid);
        var report = Describe(claim, reportId, reading, content, model, generated, before);
        var file = DraftReportDocument.Build(report);
        if (before is not null && ReportKeeper.IsOfOtherPatient(before, file))
        {
            file = DraftReportDocument.Build(report with { IdentityNote = DraftComposer.IdentityNote(isCorrected: true, reading.Notes) });
        }

        using var stream = new MemoryStream();
        file.Save(stream);
        var draft = new FinishedDraft
        {
            JobId = claim.JobId,
            SeriesInstanceUid = DraftReportDocument.SeriesInstanceUid(reportId),
            SopInstanceUid = DraftReportDocument.SopInstanceUid(reportId),
            Document = stream.ToArray(),
            Text = DraftReportDocument.ToText(file),
            FinishReason = generated.FinishReason.ToString(),
            Manifest = ReportManifest.Write(
                claim, reading, content, digests, generated, model, settings.Model.Device, settings.Model.Precision),
            ModelName = model.Identity.Name,
            ModelVersion = model.Identity.Version,
            ModelDigest = model.Identity.Digest,
            ModelPurpose = model.Identity.Purpose,
            HuSha256 = digests.Hu,
        };
        var work = new DraftedWork
        {
            JobId = claim.JobId,
            SeriesKey = claim.SeriesKey,
            SopInstanceUid = draft.SopInstanceUid,
            Document = draft.Document,
            Text = draft.Text,
            Manifest = draft.Manifest,
            Source = reading.Source,
            Model = model.Identity,
            Volume = reading.Volume,
            Generated = generated,
            ReadSeconds = readSeconds,
        };
        return new PipelineResult.Drafted(draft, work);
    }

    private DraftReport Describe(
        JobClaim claim, Guid reportId, SeriesReading.Readable reading, ContentDecision content, IReportModel model, GeneratedReport generated, KeptReport? before)
    {
        var createdAt = new DateTimeOffset(claim.ReportCreatedAt, TimeSpan.Zero);
        var report = DraftComposer.Compose(
            reportId, reading.Source, generated, model.Identity, deployment.Id, settings.Dicom.AeTitle, createdAt, settings.Report.Zone, claim.IsPartial,
            claim.PartialReason, content.IsCoveredInPart);
        return report with
        {
            Predecessor = before is not null ? (before.SeriesInstanceUid, before.SopInstanceUid)
                : claim.PredecessorSeriesUid is { } seriesUid && claim.PredecessorSopUid is { } sopUid ? (seriesUid, sopUid) : null,
            IdentityNote = DraftComposer.IdentityNote(claim.IsIdentityCorrected, reading.Notes),
            PredecessorStudyUid = before is null ? claim.PredecessorStudyUid : null,
            ReplacesLost = before?.ContentHash == claim.ContentHash,
        };
    }

    /// <summary>Exactly the instances that the job was made of: no more and no fewer.</summary>
    private async Task<IReadOnlyList<SeriesInstance>> InstancesAsync(JobClaim claim, CancellationToken cancellationToken)
    {
        var instances = await seriesStore.InstancesAsync(claim.SeriesKey, claim.SeriesRevision, cancellationToken);
        return SeriesInstance.ContentHash(instances) == claim.ContentHash
            ? instances
            : throw new WorkerException("series.content-changed", "the ledger's instances are not those that the job was made of");
    }

    /// <summary>The bytes that were acknowledged. Nothing is refused for a file that was lost or replaced while it was read.</summary>
    private SeriesReading Read(JobClaim claim, IReadOnlyList<SeriesInstance> instances, string[] files, CancellationToken cancellationToken)
    {
        CheckFiles(claim, instances, cancellationToken);
        var reading = reader.Read(files, cancellationToken);
        if (reading is SeriesReading.Refused)
        {
            CheckFiles(claim, instances, cancellationToken);
        }

        return reading;
    }

    private void CheckFiles(JobClaim claim, IReadOnlyList<SeriesInstance> instances, CancellationToken cancellationToken)
    {
        if (SpoolFile.Fault(instances, i => spool.PathOf(claim.SeriesKey, i.InstanceKey), cancellationToken) is var (code, detail))
        {
            throw new WorkerException(code, detail);
        }
    }

    private sealed class StageProgress(Action<WorkStage> stage) : IProgress<ModelStage>
    {
        public void Report(ModelStage value) => stage(value switch
        {
            ModelStage.Preprocess => WorkStage.Preprocess,
            ModelStage.Encode => WorkStage.Encode,
            ModelStage.Prefill => WorkStage.Prefill,
            _ => WorkStage.Decode,
        });
    }
}
