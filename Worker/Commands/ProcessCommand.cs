using System.Diagnostics;
using HSENet.Dicom.Reports;
using HSENet.Dicom.Series;
using HSENet.Model;
using HSENet.Worker.Configuration;
using HSENet.Worker.Inference;
using HSENet.Worker.Reporting;

namespace HSENet.Worker.Commands;

/// <summary><c>process DIR --out FILE.dcm [--json FILE]</c>: a folder in, a Structured Report out; no network, no database.</summary>
internal static class ProcessCommand
{
    public static async Task<int> RunAsync(string[] args, CancellationToken cancellationToken)
    {
        var arguments = new CommandArguments(args, "--out", "--json", "--ask");
        if (arguments.Positional is not [var directory])
        {
            throw new UsageException("process needs one folder");
        }

        if (arguments.Option("--ask") is not null)
        {
            throw new WorkerException("command.not-available", "--ask comes with the question answering model (issue 4)");
        }

        var output = arguments.Option("--out") ?? throw new UsageException("process needs --out FILE.dcm");
        if (!Directory.Exists(directory))
        {
            throw new WorkerException("input.folder", $"there is no folder {directory}");
        }

        var json = arguments.Option("--json");
        OutputFiles.Prepare(directory, output, json);
        var settings = SettingsReader.Read(arguments.Settings, Directory.GetCurrentDirectory());
        using var model = HSENetModel.Load(settings.Model.Directory, settings.Model.Device, settings.Model.Precision);
        var clock = Stopwatch.StartNew();
        var choice = FolderReader.Choose(directory, cancellationToken);
        var reading = choice switch
        {
            FolderChoice.Usable usable => VolumeReader.Read(usable.Series.Files, cancellationToken),
            FolderChoice.Refused none => new SeriesReading.Refused(none.Reason, none.Detail),
            _ => throw new InvalidOperationException("neither usable nor refused"),
        };
        var readSeconds = clock.Elapsed.TotalSeconds;
        if (reading is SeriesReading.Refused refused)
        {
            var seriesUid = ((choice as FolderChoice.Usable)?.Series ?? (choice as FolderChoice.Refused)?.Series)?.Uid;
            await WriteJsonAsync(json, new() { Outcome = "refused", Reason = refused.Reason.Code(), SeriesUid = seriesUid }, cancellationToken);
            Console.Error.WriteLine($"refused {refused.Reason.Code()}: {refused.Detail}");
            return ExitCode.Refused;
        }

        var series = (SeriesReading.Readable)reading;
        var text = model.Generate(CtInputAdapter.FromVolume(series.Volume), null, cancellationToken);
        var digest = series.Volume.HuSha256();

        // a run of its own: another time, perhaps another header, so never the UID of an earlier document
        var report = DraftComposer.Compose(
            Guid.CreateVersion7(),
            series.Source,
            text,
            model.Identity,
            Environment.MachineName,
            settings.Dicom.AeTitle,
            TimeProvider.System.GetUtcNow(),
            isPartialSeries: false);
        await DraftReportDocument.Build(report).SaveAsync(output);
        await WriteJsonAsync(
            json,
            new()
            {
                Outcome = "drafted",
                SeriesUid = series.Source.SeriesInstanceUid,
                Slices = [.. series.Source.Slices.Select(s => s.SopInstanceUid)],
                HuSha256 = digest,
                Text = new(text.Findings, text.Impression),
                FinishReason = text.FinishReason.ToString().ToLowerInvariant(),
                Model = new(model.Identity.Name, model.Identity.Version, model.Identity.Digest),
                Seconds = new(
                    readSeconds, text.Seconds.Preprocess, text.Seconds.Encode, text.Seconds.Prefill, text.Seconds.Decode, clock.Elapsed.TotalSeconds),
                Tokens = text.Tokens,
            },
            cancellationToken);
        Console.Error.WriteLine($"drafted {output}");
        return ExitCode.Done;
    }

    private static Task WriteJsonAsync(string? path, ProcessResult result, CancellationToken cancellationToken) =>
        path is null ? Task.CompletedTask : File.WriteAllTextAsync(path, result.ToJson() + "\n", cancellationToken);
}
