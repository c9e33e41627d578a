using System.CommandLine;
using HSENet.Commands;
using HSENet.Dicom;
using HSENet.Dicom.Series;
using HSENet.Worker.Observability;
using HSENet.Worker.Routing;

namespace HSENet.Worker.Commands;

/// <summary>
/// <c>routes test FILE…</c>: which routes the series of each file would take, and why, clause by clause. Whether the series can be reported
/// on is not judged: the service routes only what can. Exit code 3 when a file matches no route.
/// </summary>
internal static class RoutesTestCommand
{
    public static Command Create()
    {
        var files = Parameters.Operands("FILE", "A DICOM file of the series.");
        var command = new Command("test", "Tells for each file which route its series takes, and why, clause by clause; not whether the series can be reported on. Exit code 3 when a file matches no route.") { files };
        command.SetAction((result, cancellationToken) => RunAsync(result, result.GetRequiredValue(files), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult result, string[] files, CancellationToken cancellationToken)
    {
        var settings = result.Settings();
        var routes = RouteSet.Create(settings.Routes, settings);
        var output = new RouteTestOutput(result.Output());
        var unmatched = 0;
        foreach (var file in files)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!File.Exists(file))
            {
                throw new WorkerException("input.file", $"there is no file {file}");
            }

            var isMatched = output.Write(file, routes.Routes, new SeriesRuleAttributes(Read(file)));
            unmatched += isMatched ? 0 : 1;
        }

        await result.Output().FlushAsync(cancellationToken);
        if (unmatched == 0)
        {
            return ExitCode.Done;
        }

        result.Error().WriteLine($"refused route.none: {unmatched} of {files.Length} files match no route");
        return ExitCode.Refused;
    }

    private static SeriesAttributes Read(string file)
    {
        try
        {
            return SeriesAttributes.Read(file);
        }
        catch (HSENetDicomException e)
        {
            throw new WorkerException(e.Code, $"{OperatorText.Clean(file)}: {e.Message}", e);
        }
    }
}
