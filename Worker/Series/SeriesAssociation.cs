namespace HSENet.Worker.Series;

/// <summary>An association that carried a series, and how it went on or ended.</summary>
internal sealed record SeriesAssociation
{
    /// <summary>How an association ends that says by itself that all was sent.</summary>
    public const string Released = "released";

    /// <summary>How one ends that was open when this service stopped or was killed.</summary>
    public const string HostStopped = "host-stopped";

    public required Guid SeriesKey { get; init; }

    public required Guid AssociationId { get; init; }

    /// <summary>Calling AE title.</summary>
    public required string Sender { get; init; }

    public required DateTime OpenedAt { get; init; }

    /// <summary>When its sender was last heard of; null while it is open.</summary>
    public DateTime? EndedAt { get; init; }

    /// <summary>released, aborted, connection-lost, timed-out or host-stopped; null while it is open.</summary>
    public string? Ending { get; init; }

    /// <summary>Instances of the series that it brought, those that were here already among them.</summary>
    public required int Instances { get; init; }

    /// <summary>How many of them were here already.</summary>
    public int Repeated { get; init; }

    /// <summary>Associations that brought instances which did not come whole on this one, or were answered with a failure.</summary>
    public Guid[] ContinuedBy { get; init; } = [];

    /// <summary>It brought another header for an instance that was here: what came before it tells nothing of the rest of such a change.</summary>
    public bool HasChanged { get; init; }

    /// <summary>It is open, and what came last on it was of another series.</summary>
    public bool HasGoneOn { get; init; }

    /// <summary>It has ended, and instances that it offered were answered with "come back later" and are not here.</summary>
    public bool HasTurnedAway { get; init; }

    /// <summary>It has ended, and instances that it offered were refused for what they are and are not here, or said something else than what is here under their UIDs.</summary>
    public bool HasRefused { get; init; }

    /// <summary>It has ended, and an instance that it offered is known to be of the series and is not here: no other association makes up for it.</summary>
    public bool IsLacking { get; init; }

    public bool IsOpen => Ending is null;

    /// <summary>Its sender has sent what it had of the series.</summary>
    public bool HasEndedWell => (Ending == Released && !HasTurnedAway && !HasRefused) || (IsOpen && HasGoneOn);

    public bool IsBroken => !IsOpen && !HasEndedWell;
}
