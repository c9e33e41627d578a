namespace HSENet.Worker.Series;

/// <summary>What is known of a series that is still receiving; <see cref="SeriesWatch"/> has witnessed it.</summary>
/// <param name="Open">Time since this revision was first seen.</param>
/// <param name="SinceSlice">Time since the last instance of it, one that was here already included.</param>
/// <param name="Quiet">Time since anything was heard of it: an instance, the end of an association that carried it, or its sender's going on to another series.</param>
/// <param name="SinceTurnedAway">Time since its sender's title was last asked to come back later, for whatever; null: not lately.</param>
/// <param name="InstanceCount">Instances that are here.</param>
/// <param name="Associations">The associations that carried it.</param>
internal sealed record CompletionEvidence(
    TimeSpan Open, TimeSpan SinceSlice, TimeSpan Quiet, TimeSpan? SinceTurnedAway, int InstanceCount, IReadOnlyList<SeriesAssociation> Associations);
