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

        var options = new DemoOptions(arguments.Option("--dicom"), arguments.Option("--out") ?? Path.Combine(".local", "demo"));
        var settings = SettingsReader.Read(arguments.Settings, Directory.GetCurrentDirectory());
        DemoSeries.Check(options.DicomDirectory);
        DemoFiles.Clear(options.OutputDirectory);
        var result = await new DemoRun(options, settings, arguments.Settings, Console.Out).RunAsync(cancellationToken);
        await DemoFiles.WriteAsync(options, result, cancellationToken);
        if (result.End is DemoEnd.Refused refused)
        {
            Console.Error.WriteLine($"refused {refused.Code}: {refused.Detail}");
            return ExitCode.Refused;
        }

        Console.Out.WriteLine();
        Console.Out.WriteLine(((DemoEnd.Delivered)result.End).Work.Text.TrimEnd());
        Console.Out.WriteLine();
        Console.Out.WriteLine($"{result.Seconds:F1} s from the first byte sent to the report at the PACS; files in {options.OutputDirectory}:");
        Console.Out.WriteLine("  " + string.Join(' ', DemoFiles.Names));
        return ExitCode.Done;
    }
}
