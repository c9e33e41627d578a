using HSENet.Worker.Checks;
using HSENet.Worker.Configuration;
using HSENet.Worker.Ingest;

namespace HSENet.Worker.Commands;

/// <summary><c>check</c>: one line each for what <c>serve</c> needs, <c>ok NAME</c> or <c>fail NAME: detail</c>.</summary>
internal static class CheckCommand
{
    public static async Task<int> RunAsync(string[] args, CancellationToken cancellationToken)
    {
        SettingArguments.Check(args);
        var results = await new DeploymentCheck(new DriveFreeSpace(), TimeProvider.System)
            .RunAsync(() => SettingsReader.Read(args, Directory.GetCurrentDirectory()), cancellationToken);
        foreach (var result in results)
        {
            Console.Out.WriteLine(result);
        }

        var failed = results.Count(r => r.Problem is not null);
        return failed == 0 ? ExitCode.Done : throw new WorkerException("check.failed", $"{failed} of {results.Count} checks failed");
    }
}
