using System.Text.Json.Serialization;

namespace HSENet.Trainer.Training.Checkpoints;

/// <summary>What a checkpoint says beside its tensors. There is no state of a generator: every draw follows from seed, step and rank.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record CheckpointState
{
    public const int CurrentFormat = 1;

    public int Format { get; init; } = CurrentFormat;

    /// <summary>Steps done.</summary>
    public required long Step { get; init; }

    /// <summary>Settings and data that a resumed run must share, by name.</summary>
    public required IReadOnlyDictionary<string, string> Fingerprint { get; init; }

    /// <summary>Of the epoch that has begun.</summary>
    public required LossMeans Means { get; init; }

    /// <summary>SHA-256 of each file, hex.</summary>
    public required IReadOnlyDictionary<string, string> Files { get; init; }
}
