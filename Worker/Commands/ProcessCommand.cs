using System.Diagnostics;
using HSENet.Dicom.Reports;
using HSENet.Dicom.Series;
using HSENet.Model;
using HSENet.Worker.Configuration;
using HSENet.Worker.Inference;
using HSENet.Worker.Reporting;

namespace HSENet.Worker.Commands;

/// <summary>
/// <c>process DIR --out FILE.dcm [--json FILE] [--ask QUESTION]</c>: a folder in, a Structured Report out; no network, no database. With a question
/// the answer goes to standard output and into the JSON, and no report is written: <c>--out</c> may be left out, and a file of that name stays.
/// </summary>
internal static class ProcessCommand
{
    public static async Task<int> RunAsync(string[] args, CancellationToken cancellationToken)
    {
        var arguments = new CommandArguments(args, "--out", "--json", "--ask");
        if (arguments.Positional is not [var directory])
        {
            throw new UsageException("process needs one folder");
        }

        var question = arguments.Option("--ask");
        var output = arguments.Option("--out");
        if (output is null && question is null)
        {
            throw new UsageException("process needs --out FILE.dcm");
        }

        if (!Directory.Exists(directory))
        {
            throw new WorkerException("input.folder", $"there is no folder {directory}");
        }

        var json = arguments.Option("--json");
        OutputFiles.Prepare(directory, question is null ? output : null, json);
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
        var result = new ProcessResult
        {
            Outcome = question is null ? "drafted" : "answered",
            SeriesUid = series.Source.SeriesInstanceUid,
            Slices = [.. series.Source.Slices.Select(s => s.SopInstanceUid)],
            HuSha256 = series.Volume.HuSha256(),
            Model = new(model.Identity.Name, model.Identity.Version, model.Identity.Digest),
        };
        var input = CtInputAdapter.FromVolume(series.Volume);
        ProcessResult.SecondsPart Seconds(StageSeconds stages) =>
            new(readSeconds, stages.Preprocess, stages.Encode, stages.Prefill, stages.Decode, clock.Elapsed.TotalSeconds);
        if (question is not null)
        {
            var answer = model.Ask(input, question, null, cancellationToken);
            await WriteJsonAsync(
                json,
                result with
                {
                    Answer = answer.Text, Reason = Incomplete(PartialText.Reason(answer.FinishReason, isPartialSeries: false)), FinishReason = Name(answer.FinishReason), Seconds = Seconds(answer.Seconds), Tokens = answer.Tokens,
                },
                cancellationToken);
            Tell(answer, model.Identity);
            return ExitCode.Done;
        }

        var text = model.Generate(input, null, cancellationToken);

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
        await DraftReportDocument.Build(report).SaveAsync(output!);
        await WriteJsonAsync(
            json,
            result with
            {
                Text = new(text.Findings, text.Impression), Reason = Incomplete(report.PartialReason), FinishReason = Name(text.FinishReason), Seconds = Seconds(text.Seconds), Tokens = text.Tokens,
            },
            cancellationToken);
        Console.Error.WriteLine($"drafted {output}");
        TellIncomplete(text.FinishReason, report.PartialReason);
        return ExitCode.Done;
    }

    private static string Name(FinishReason reason) => reason.ToString().ToLowerInvariant();

    /// <summary>For the JSON: the code of a text that is not whole.</summary>
    private static string? Incomplete(string? partialReason) => partialReason is null ? null : "text.incomplete";

    private static void TellIncomplete(FinishReason finish, string? partialReason)
    {
        if (partialReason is not null)
        {
            Console.Error.WriteLine($"incomplete {Name(finish)}: {partialReason}");
        }
    }

    /// <summary>The answer alone on standard output, and below it why it is not whole, so that it cannot be taken for one that is; what else its reader must know beside it.</summary>
    private static void Tell(GeneratedAnswer answer, ModelIdentity model)
    {
        Console.Out.WriteLine(answer.Text);
        var partialReason = PartialText.Reason(answer.FinishReason, isPartialSeries: false);
        if (partialReason is not null)
        {
            Console.Out.WriteLine($"[incomplete: {partialReason}]");
        }

        TellIncomplete(answer.FinishReason, partialReason);

        if (model.Warning is { } warning)
        {
            Console.Error.WriteLine($"note: {warning}");
        }
    }

    private static Task WriteJsonAsync(string? path, ProcessResult result, CancellationToken cancellationToken) =>
        path is null ? Task.CompletedTask : File.WriteAllTextAsync(path, result.ToJson() + "\n", cancellationToken);
}
