using System.Text.Json.Serialization;

namespace HSENet.Worker.Observability;

/// <summary>How a dependency is. Only <c>down</c> makes a process not ready.</summary>
internal enum DependencyLevel
{
    Ok,

    /// <summary>Work waits or a part of it fails, but nothing that comes in is refused or lost.</summary>
    Degraded,

    /// <summary>Without it the process cannot do its part.</summary>
    Down,
}

/// <param name="Level">How it is.</param>
/// <param name="Code">Stable code of what is wrong; null when it is well.</param>
/// <param name="Detail">Numbers and names for an operator; null for none.</param>
internal sealed record DependencyState(
    [property: JsonIgnore] DependencyLevel Level,
    [property: JsonPropertyName("code")] string? Code = null,
    [property: JsonPropertyName("detail")] string? Detail = null)
{
    public static DependencyState Ok { get; } = new(DependencyLevel.Ok);

    [JsonPropertyName("state"), JsonPropertyOrder(-1)]
    public string State => Level switch { DependencyLevel.Ok => "ok", DependencyLevel.Degraded => "degraded", _ => "down" };
}
