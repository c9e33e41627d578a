namespace HSENet.Worker;

/// <summary>Something an operator must act on: exit code 1 with a stable code.</summary>
internal sealed class WorkerException(string code, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Dotted, for example <c>database.schema</c>, <c>database.unreachable</c>, <c>configuration.invalid</c>.</summary>
    public string Code { get; } = code;
}
