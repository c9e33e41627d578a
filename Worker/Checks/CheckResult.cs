using HSENet.Worker.Observability;

namespace HSENet.Worker.Checks;

/// <summary>One line of <c>check</c>.</summary>
/// <param name="Name">What was looked at.</param>
/// <param name="Problem">Null when it is well.</param>
internal sealed record CheckResult(string Name, string? Problem)
{
    /// <summary>It was not looked at, for something else failed.</summary>
    public bool IsLeftOut { get; init; }

    public override string ToString() => Problem is null ? $"ok {Name}" : $"fail {Name}: {OperatorText.Clean(Problem)}";
}
