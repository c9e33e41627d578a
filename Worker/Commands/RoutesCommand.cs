using HSENet.Dicom.Series;
using HSENet.Worker.Configuration;
using HSENet.Worker.Routing;

namespace HSENet.Worker.Commands;

/// <summary>
/// <c>routes test FILE…</c>: which routes the series of each file would take, and why, clause by clause. The files' geometry is not judged: the service routes only what
/// passes that. Exit code 3 when a file matches no route.
/// </summary>
internal static class RoutesCommand
{
    public static async Task<int> RunAsync(string[] args, CancellationToken cancellationToken)
    {
        var arguments = new CommandArguments(args);
        if (arguments.Positional.ToArray() is not ["test", _, ..] operands)
        {
            throw new UsageException("routes needs test and one file or more");
        }

        var settings = SettingsReader.Read(arguments.Settings, Directory.GetCurrentDirectory());
        var routes = RouteSet.Create(settings.Routes, settings);
        var output = new RouteTestOutput(Console.Out);
        var unmatched = 0;
        foreach (var file in operands[1..])
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!File.Exists(file))
            {
                throw new WorkerException("input.file", $"there is no file {file}");
            }

            var isMatched = output.Write(file, routes.Routes, new SeriesRuleAttributes(SeriesAttributes.Read(file)));
            unmatched += isMatched ? 0 : 1;
        }

        await Console.Out.FlushAsync(cancellationToken);
        if (unmatched == 0)
        {
            return ExitCode.Done;
        }

        Console.Error.WriteLine($"refused route.none: {unmatched} of {operands.Length - 1} files match no route");
        return ExitCode.Refused;
    }
}
