using HSENet.Worker.Observability;

namespace HSENet.Worker.Checks;

/// <summary>One line of <c>check</c>.</summary>
/// <param name="Name">What was looked at.</param>
/// <param name="Problem">Null when it is well.</param>
internal sealed record CheckResult(string Name, string? Problem)
{
    public override string ToString() => Problem is null ? $"ok {Name}" : $"fail {Name}: {OperatorText.Clean(Problem)}";
}
