using HSENet.Dicom.Series;
using HSENet.Worker.Configuration;
using HSENet.Worker.Demo;

namespace HSENet.Worker.Commands;

/// <summary><c>demo [--dicom DIR] [--out DIR]</c>: sends a chest CT to itself over DICOM and prints the draft report.</summary>
internal static class DemoCommand
{
    public static async Task<int> RunAsync(string[] args, CancellationToken cancellationToken)
    {
        var arguments = new CommandArguments(args, "--dicom", "--out");
        if (arguments.Positional.Count > 0)
        {
            throw new UsageException($"demo takes no {arguments.Positional[0]}");
        }

        var output = arguments.Option("--out") ?? Path.Combine(".local", "demo");
        var settings = SettingsReader.Read(arguments.Settings, Directory.GetCurrentDirectory());
        var choice = arguments.Option("--dicom") is { } directory ? Choose(directory, cancellationToken) : null;
        DemoFiles.Clear(output);
        if (choice is FolderChoice.Refused none)
        {
            var end = new DemoEnd.Refused(none.Reason.Code(), none.Detail);
            await DemoFiles.WriteAsync(new([], output), new(end, 0, [], null, 0, []), cancellationToken);
            return Refuse(end);
        }

        var options = new DemoOptions((choice as FolderChoice.Usable)?.Series.Files, output);
        var result = await new DemoRun(options, settings, Console.Out).RunAsync(cancellationToken);
        await DemoFiles.WriteAsync(options, result, cancellationToken);
        switch (result.End)
        {
            case DemoEnd.Refused refused:
                return Refuse(refused);
            case DemoEnd.Failed failed:
                throw new WorkerException(failed.Code, failed.Detail);
        }

        Console.Out.WriteLine();
        Console.Out.WriteLine(((DemoEnd.Delivered)result.End).Work.Text.TrimEnd());
        Console.Out.WriteLine();
        Console.Out.WriteLine($"{result.Seconds:F1} s from the first byte sent to the report at the PACS; files in {output}:");
        Console.Out.WriteLine("  " + string.Join(' ', DemoFiles.Names));
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

        var choice = FolderReader.Choose(directory, cancellationToken);
        return choice is FolderChoice.Refused { Series: { } only, Reason: not RefusalReason.ConflictingInstances }
            ? new FolderChoice.Usable(only)
            : choice;
    }

    private static int Refuse(DemoEnd.Refused refused)
    {
        Console.Error.WriteLine($"refused {refused.Code}: {refused.Detail}");
        return ExitCode.Refused;
    }
}
