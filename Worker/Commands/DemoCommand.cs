using System.CommandLine;
using HSENet.Commands;
using HSENet.Dicom.Codecs.Native;
using HSENet.Dicom.Series;
using HSENet.Worker.Demo;

namespace HSENet.Worker.Commands;

/// <summary><c>demo [--dicom DIR] [--out DIR]</c>: sends a chest CT to itself over DICOM and prints the draft report.</summary>
internal static class DemoCommand
{
    public static Command Create()
    {
        var dicom = Parameters.Text("--dicom", "DIR", "A folder with one chest CT series to send instead of a made-up one.");
        var output = Parameters.Text("--out", "DIR", "Where report, preview, audit rows and summary are written.").Otherwise(Path.Combine(".local", "demo"));
        var command = new Command("demo", "Sends a chest CT series to itself over DICOM and prints the draft report that comes back. Needs PostgreSQL.").With(dicom, output);
        command.SetAction((result, cancellationToken) => RunAsync(result, result.GetValue(dicom), result.GetRequiredValue(output), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult command, string? directory, string output, CancellationToken cancellationToken)
    {
        var settings = command.Settings();
        SystemCodecs.Start(settings.Codecs.ToLimits());
        var choice = directory is null ? null : Choose(directory, cancellationToken);
        DemoFiles.Clear(output);
        if (choice is FolderChoice.Refused none)
        {
            var end = new DemoEnd.Refused(none.Reason.Code(), none.Detail);
            await DemoFiles.WriteAsync(new([], output), new(end, 0, [], null, 0, []), cancellationToken);
            return Refuse(command, end);
        }

        var options = new DemoOptions((choice as FolderChoice.Usable)?.Series.Files, output);
        var result = await new DemoRun(options, settings, command.Output()).RunAsync(cancellationToken);
        await DemoFiles.WriteAsync(options, result, cancellationToken);
        switch (result.End)
        {
            case DemoEnd.Refused refused:
                return Refuse(command, refused);
            case DemoEnd.Failed failed:
                throw new WorkerException(failed.Code, failed.Detail);
        }

        command.Output().WriteLine();
        command.Output().WriteLine(((DemoEnd.Delivered)result.End).Work.Text.TrimEnd());
        command.Output().WriteLine();
        command.Output().WriteLine($"{result.Seconds:F1} s from the first byte sent to the report at the PACS; files in {output}:");
        command.Output().WriteLine("  " + string.Join(' ', DemoFiles.Names));
        return ExitCode.Done;
    }

    /// <summary>
    /// The same rule as for <c>process</c>. What is refused by the folder as a whole, or by a conflict that the wire would tell as a failure, ends here; what a
    /// single series is refused for is the service's to say, so that series is sent.
    /// </summary>
    private static FolderChoice Choose(string directory, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(directory))
        {
            throw new WorkerException("input.folder", $"there is no folder {directory}");
        }

        var choice = FolderReader.Choose(directory, GeometryLimits.Default, cancellationToken);
        return choice is FolderChoice.Refused { Series: { } only, Reason: not RefusalReason.ConflictingInstances }
            ? new FolderChoice.Usable(only)
            : choice;
    }

    private static int Refuse(ParseResult command, DemoEnd.Refused refused)
    {
        command.Error().WriteLine($"refused {refused.Code}: {refused.Detail}");
        return ExitCode.Refused;
    }
}
