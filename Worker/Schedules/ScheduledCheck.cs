using HSENet.Worker.Checks;
using HSENet.Worker.Configuration;
using HSENet.Worker.Observability;

namespace HSENet.Worker.Schedules;

/// <summary>The checks of a running gateway, told when they begin to fail and when they pass again.</summary>
internal sealed partial class ScheduledCheck(WorkerSettings settings, DeploymentCheck check, ILogger<ScheduledCheck> log)
{
    private HashSet<string> _failed = [];

    /// <returns>What is not well.</returns>
    public async Task<IReadOnlyList<CheckResult>> RunAsync(CancellationToken cancellationToken)
    {
        var results = await check.RunAsync(() => settings, isRunning: true, cancellationToken);
        foreach (var result in results)
        {
            if (result.Problem is { } problem && !_failed.Contains(result.Name))
            {
                LogFailed(log, result.Name, OperatorText.Clean(problem));
            }
            else if (result.Problem is null && _failed.Contains(result.Name))
            {
                LogPassed(log, result.Name);
            }
        }

        List<CheckResult> failed = [.. results.Where(r => r.Problem is not null)];
        _failed = [.. failed.Select(f => f.Name)];
        return failed;
    }

    [LoggerMessage(EventIds.CheckFailed, LogLevel.Error, "check.failed: {Name}: {Problem}")]
    private static partial void LogFailed(ILogger log, string name, string problem);

    [LoggerMessage(EventIds.CheckPassed, LogLevel.Information, "Check {Name} passes again")]
    private static partial void LogPassed(ILogger log, string name);
}
