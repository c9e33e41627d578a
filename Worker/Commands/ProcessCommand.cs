using System.CommandLine;
using System.Diagnostics;
using System.Text;
using FellowOakDicom;
using HSENet.Commands;
using HSENet.Dicom.Codecs.Native;
using HSENet.Dicom.Reports;
using HSENet.Dicom.Series;
using HSENet.Model;
using HSENet.Worker.Inference;
using HSENet.Worker.Observability;
using HSENet.Worker.Reporting;

namespace HSENet.Worker.Commands;

/// <summary>
/// <c>process DIR --out FILE.dcm [--json FILE] [--ask QUESTION]</c>: a folder in, a Structured Report out; no network, no database. With a question
/// the answer goes to standard output and into the JSON, and no report is written: <c>--out</c> may be left out, and a file of that name stays.
/// </summary>
internal static class ProcessCommand
{
    public static Command Create()
    {
        var directory = Parameters.Operand("DIR", "A folder with one chest CT series; folders below it are read too.");
        var output = Parameters.Text("--out", "FILE.dcm", "Where the Structured Report is written. Needed without --ask.");
        var json = Parameters.Text("--json", "FILE", "Writes outcome, text, model and seconds as JSON.");
        var question = Parameters.Text("--ask", "QUESTION", "Prints the answer to a question instead of writing a report.");
        var command = new Command("process", "Reads a DICOM folder and writes a Structured Report, or the answer to a question. Needs no network and no database.") { directory };
        command.With(output, json, question).Validators.Add(result =>
        {
            if (result.GetResult(output) is null && result.GetResult(question) is null)
            {
                result.AddError("process needs --out FILE.dcm, or --ask QUESTION.");
            }
        });
        command.SetAction(async (result, cancellationToken) =>
        {
            try
            {
                return await Abandonable.RunAsync(
                    () => RunAsync(
                        result, result.GetRequiredValue(directory), result.GetValue(output), result.GetValue(json), result.GetValue(question), cancellationToken),
                    cancellationToken);
            }
            catch (OperationCanceledException)
            {
                OutputFiles.DeleteParts([result.GetValue(output), result.GetValue(json)]);
                throw;
            }
        });
        return command;
    }

    private static async Task<int> RunAsync(
        ParseResult command, string directory, string? output, string? json, string? question, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(directory))
        {
            throw new WorkerException("input.folder", $"there is no folder {directory}");
        }

        OutputFiles.Prepare(directory, question is null ? output : null, json);
        var settings = command.Settings();
        SystemCodecs.Start(settings.Codecs.ToLimits());
        using var model = HSENetModel.Load(settings.Model.Directory, settings.Model.Device, settings.Model.Precision);
        var clock = Stopwatch.StartNew();
        var choice = FolderReader.Choose(directory, settings.Series.ToLimits(), cancellationToken);
        var notes = Notes(choice).ToList();
        var reading = choice switch
        {
            FolderChoice.Usable usable => VolumeReader.Read(usable.Series.Files, settings.Series.ToLimits(), cancellationToken),
            FolderChoice.Refused none => new SeriesReading.Refused(none.Reason, none.Detail),
            _ => throw new InvalidOperationException("neither usable nor refused"),
        };
        var readSeconds = clock.Elapsed.TotalSeconds;
        if (reading is SeriesReading.Refused refused)
        {
            var seriesUid = ((choice as FolderChoice.Usable)?.Series ?? (choice as FolderChoice.Refused)?.Series)?.Uid;
            return await RefuseAsync(command, json, refused.Reason, refused.Detail, seriesUid, notes, cancellationToken);
        }

        var series = (SeriesReading.Readable)reading;
        var content = ContentDecision.Of(series.Volume, settings.Series, isShadow: false);
        if (content.Refusal is { } found)
        {
            return await RefuseAsync(command, json, found.Reason, found.Detail, series.Source.SeriesInstanceUid, notes, cancellationToken);
        }

        series = series with { Notes = [.. series.Notes, .. content.Notes] };
        notes.AddRange(series.Notes.Select(n => new ProcessResult.NotePart(n.Code, n.Detail)));
        TellNotes(command.Error(), notes);
        var result = new ProcessResult
        {
            Outcome = question is null ? "drafted" : "answered",
            SeriesUid = series.Source.SeriesInstanceUid,
            Slices = [.. series.Source.Slices.Select(s => s.SopInstanceUid)],
            HuSha256 = series.Volume.HuSha256(),
            Notes = notes,
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
            Tell(command, answer, model.Identity);
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
            settings.Report.Zone,
            isPartialSeries: false,
            isCoveredInPart: content.IsCoveredInPart) with { IdentityNote = DraftComposer.IdentityNote(isCorrected: false, series.Notes) };
        var document = DraftReportDocument.Build(report);
        var drafted = result with
        {
            Text = new(text.Findings, text.Impression),
            Reason = Incomplete(report.PartialReason),
            FinishReason = Name(text.FinishReason),
            Seconds = Seconds(text.Seconds),
            Tokens = text.Tokens,
        };
        await OutputFiles.WriteAsync([(output, path => OutputFiles.WritePartAsync(path, Bytes(document))), (json, Write(drafted))], cancellationToken);
        command.Error().WriteLine($"drafted {output}");
        TellIncomplete(command.Error(), text.FinishReason, report.PartialReason);
        return ExitCode.Done;
    }

    private static async Task<int> RefuseAsync(
        ParseResult command, string? json, RefusalReason reason, string detail, string? seriesUid, List<ProcessResult.NotePart> notes,
        CancellationToken cancellationToken)
    {
        await WriteJsonAsync(json, new() { Outcome = "refused", Reason = reason.Code(), SeriesUid = seriesUid, Notes = notes }, cancellationToken);
        TellNotes(command.Error(), notes);
        command.Error().WriteLine($"refused {reason.Code()}: {OperatorText.Clean(detail)}");
        return ExitCode.Refused;
    }

    /// <summary>What lies in the folder and is no DICOM instance: named, for the operator knows the folder.</summary>
    private static IEnumerable<ProcessResult.NotePart> Notes(FolderChoice choice)
    {
        const int MaximumNamed = 20;
        if (choice.NotDicom.Count > 0)
        {
            yield return new("folder.not-dicom", choice.NotDicom.Count == 1 ? "1 file is no DICOM instance" : $"{choice.NotDicom.Count} files are no DICOM instances")
            {
                Files = [.. choice.NotDicom.Take(MaximumNamed)],
                MoreFiles = Math.Max(0, choice.NotDicom.Count - MaximumNamed),
            };
        }
    }

    private static void TellNotes(TextWriter error, IEnumerable<ProcessResult.NotePart> notes)
    {
        foreach (var note in notes)
        {
            error.WriteLine($"note {note.Code}: {note.Detail}{(note.Files.Count == 0 ? "" : ":")}");
            foreach (var file in note.Files)
            {
                error.WriteLine($"  {file}");
            }

            if (note.MoreFiles > 0)
            {
                error.WriteLine($"  and {note.MoreFiles} more");
            }
        }
    }

    private static string Name(FinishReason reason) => reason.ToString().ToLowerInvariant();

    /// <summary>For the JSON: the code of a text that is not whole.</summary>
    private static string? Incomplete(string? partialReason) => partialReason is null ? null : "text.incomplete";

    private static void TellIncomplete(TextWriter error, FinishReason finish, string? partialReason)
    {
        if (partialReason is not null)
        {
            error.WriteLine($"incomplete {Name(finish)}: {partialReason}");
        }
    }

    /// <summary>The answer alone on standard output, and below it why it is not whole, so that it cannot be taken for one that is; what else its reader must know beside it.</summary>
    private static void Tell(ParseResult command, GeneratedAnswer answer, ModelIdentity model)
    {
        var (output, error) = (command.Output(), command.Error());
        output.WriteLine(answer.Text);
        var partialReason = PartialText.Reason(answer.FinishReason, isPartialSeries: false);
        if (partialReason is not null)
        {
            output.WriteLine($"[incomplete: {partialReason}]");
        }

        TellIncomplete(error, answer.FinishReason, partialReason);

        if (model.Warning is { } warning)
        {
            error.WriteLine($"note: {warning}");
        }
    }

    private static Task WriteJsonAsync(string? path, ProcessResult result, CancellationToken cancellationToken) =>
        OutputFiles.WriteAsync([(path, Write(result))], cancellationToken);

    private static Func<string, Task> Write(ProcessResult result) =>
        path => OutputFiles.WritePartAsync(path, Encoding.UTF8.GetBytes(result.ToJson() + "\n"));

    private static byte[] Bytes(DicomFile document)
    {
        using var bytes = new MemoryStream();
        document.Save(bytes);
        return bytes.ToArray();
    }
}
