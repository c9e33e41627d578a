namespace HSENet.Dicom.Sending;

/// <summary>Outcome of sending one instance. Success only for status 0000; warnings (Bxxx) are kept apart.</summary>
public abstract record SendOutcome
{
    private SendOutcome()
    {
    }

    public sealed record Stored : SendOutcome;

    /// <summary>Taken, with a remark.</summary>
    public sealed record StoredWithWarning(ushort Status) : SendOutcome
    {
        /// <summary>All that the peer said; null when only the status is known.</summary>
        public PeerAnswer? Answer { get; init; }
    }

    /// <param name="Code">
    /// Stable dotted code: <c>delivery.unreachable</c>, <c>delivery.rejected</c>, <c>delivery.refused-context</c>, <c>delivery.status</c>,
    /// <c>delivery.aborted</c>, <c>delivery.timeout</c>, <c>delivery.tls</c>, <c>delivery.unguarded</c>.
    /// </param>
    /// <param name="Detail">For the operator; no patient data.</param>
    /// <param name="IsTransient">Worth trying again.</param>
    public sealed record Failed(string Code, string Detail, bool IsTransient) : SendOutcome
    {
        /// <summary>
        /// <see cref="Code"/> where the toolkit opens connections without asking for their guard and their TLS: a fault of this build,
        /// with every peer, that no further attempt mends. Nothing of a data set has left.
        /// </summary>
        public const string Unguarded = "delivery.unguarded";

        /// <summary>The DIMSE status when the peer answered one.</summary>
        public ushort? Status { get; init; }

        /// <summary>SOP classes that the peer did accept where it refused the wanted one; null otherwise.</summary>
        public IReadOnlyList<string>? Accepted { get; init; }

        /// <summary>All that the peer said; null when it answered nothing.</summary>
        public PeerAnswer? Answer { get; init; }
    }
}
