using System.CommandLine;
using HSENet.Worker.Checks;
using HSENet.Worker.Ingest;

namespace HSENet.Worker.Commands;

/// <summary><c>check</c>: one line each for what <c>serve</c> needs, <c>ok NAME</c> or <c>fail NAME: detail</c>.</summary>
internal static class CheckCommand
{
    public static Command Create()
    {
        var command = new Command("check", "Looks at everything that serve needs, one line each: ok NAME, or fail NAME: detail. Exit code 1 if any fails.");
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult result, CancellationToken cancellationToken)
    {
        var results = await new DeploymentCheck(new DriveFreeSpace(), TimeProvider.System)
            .RunAsync(() => result.Settings(), cancellationToken);
        foreach (var line in results)
        {
            result.Output().WriteLine(line);
        }

        var leftOut = results.Count(r => r.IsLeftOut);
        var failed = results.Count(r => r.Problem is not null) - leftOut;
        return failed == 0 ? ExitCode.Done
            : throw new WorkerException("check.failed", $"{failed} of {results.Count} checks failed{(leftOut == 0 ? "" : $", {leftOut} could not be made")}");
    }
}
