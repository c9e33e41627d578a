using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
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

        CheckFolderOf(output);
        CheckFolderOf(arguments.Option("--json"));
        var settings = SettingsReader.Read(arguments.Settings, Directory.GetCurrentDirectory());
        using var model = HSENetModel.Load(settings.Model.Directory, settings.Model.Device, settings.Model.Precision);
        var clock = Stopwatch.StartNew();
        var (reading, seriesUid) = FolderReader.Read(directory, cancellationToken);
        var readSeconds = clock.Elapsed.TotalSeconds;
        if (reading is SeriesReading.Refused refused)
        {
            await WriteJsonAsync(
                arguments.Option("--json"), new() { Outcome = "refused", Reason = refused.Reason.Code(), SeriesUid = seriesUid }, cancellationToken);
            Console.Error.WriteLine($"refused {refused.Reason.Code()}: {refused.Detail}");
            return ExitCode.Refused;
        }

        var series = (SeriesReading.Readable)reading;
        var text = model.Generate(CtInputAdapter.FromVolume(series.Volume), null, cancellationToken);
        var digest = series.Volume.HuSha256();
        var jobId = JobId(series.Source.SeriesInstanceUid, digest, model.Identity.Digest);
        var report = DraftComposer.Compose(
            jobId, series.Source, text, model.Identity, Environment.MachineName, settings.Dicom.AeTitle, TimeProvider.System.GetUtcNow(), isPartialSeries: false);
        await DraftReportDocument.Build(report).SaveAsync(output);
        await WriteJsonAsync(
            arguments.Option("--json"),
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

    /// <summary>Same pixels and same model, same document UIDs.</summary>
    private static Guid JobId(string seriesUid, string huSha256, string modelDigest) =>
        new(SHA256.HashData(Encoding.UTF8.GetBytes($"process/{seriesUid}/{huSha256}/{modelDigest}")).AsSpan(0, 16));

    /// <summary>Before minutes of work, not after.</summary>
    private static void CheckFolderOf(string? file)
    {
        if (file is not null && !Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(file))))
        {
            throw new WorkerException("output.folder", $"there is no folder for {file}");
        }
    }

    private static Task WriteJsonAsync(string? path, ProcessResult result, CancellationToken cancellationToken) =>
        path is null ? Task.CompletedTask : File.WriteAllTextAsync(path, result.ToJson() + "\n", cancellationToken);
}
