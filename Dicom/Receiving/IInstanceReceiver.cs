using HSENet.Dicom.Guarding;

namespace HSENet.Dicom.Receiving;

/// <summary>An association as the receiving side sees it.</summary>
public sealed record AssociationContext(Guid Id, string CallingAe, string CalledAe, string RemoteHost, int RemotePort)
{
    /// <summary>The names of the caller's certificate: DNS names and the subject's common name. None without mutual TLS.</summary>
    public IReadOnlyList<string> CertificateNames { get; init; } = [];
}

/// <summary>
/// A C-STORE request before its data arrives. A UID of the command that is no UID is empty here: such an instance may be kept for an operator, and the
/// answer is a failure whatever the sink says.
/// </summary>
public sealed record IncomingInstance(AssociationContext Association, string SopClassUid, string SopInstanceUid, string TransferSyntaxUid);

/// <summary>Answer to an association request. The result, source and reason triple is that of PS3.8 table 9-21.</summary>
public abstract record AssociationVerdict
{
    private AssociationVerdict()
    {
    }

    public sealed record Accept : AssociationVerdict
    {
        public static Accept Instance { get; } = new();
    }

    /// <param name="Result">1 permanent, 2 transient.</param>
    /// <param name="Source">1 service user, 2 ACSE provider, 3 presentation provider.</param>
    /// <param name="Reason">Reason code for that source.</param>
    public sealed record Reject(int Result, int Source, int Reason) : AssociationVerdict;
}

/// <summary>How an association ended.</summary>
public enum AssociationEnd
{
    Released,
    Aborted,
    ConnectionLost,

    /// <summary>The peer sent nothing for the idle timeout, and was aborted.</summary>
    TimedOut,

    /// <summary>This side stops, and aborted it.</summary>
    Stopped,
}

/// <summary>Status and comment of a C-STORE response (PS3.4 B.2.3). The comment is cut to 64 characters.</summary>
public readonly record struct StoreReply(ushort Status, string? Comment = null)
{
    public static StoreReply Success { get; } = new(0x0000);
}

/// <summary>
/// What the host does with associations and instances. Called by <see cref="StoreScp"/>, which turns any exception into status 0110.
/// </summary>
public interface IInstanceReceiver
{
    /// <summary>
    /// Asked about every request, so that it can record those that it rejects. One with a wrong called title that it lets in is rejected all the same (1/1/7), and
    /// ends as <see cref="AssociationEnd.Aborted"/>.
    /// </summary>
    ValueTask<AssociationVerdict> OnAssociationAsync(AssociationContext association, CancellationToken cancellationToken);

    /// <summary>Where the bytes of one instance go. Called before the first byte; must not block for long and must not throw.</summary>
    IInstanceSink Begin(IncomingInstance incoming);

    /// <summary>
    /// Told at once, before what is under way has ended and <see cref="OnAssociationEndedAsync"/> is called. Must not block and must not
    /// throw.
    /// </summary>
    /// <param name="association">Which.</param>
    /// <param name="silence">How long ago its peer was last heard of.</param>
    void OnAssociationEnding(AssociationContext association, TimeSpan silence)
    {
    }

    ValueTask OnAssociationEndedAsync(AssociationContext association, AssociationEnd end, CancellationToken cancellationToken);

    /// <summary>
    /// Whether anybody at this address may ever be let in; else its connections are closed before they cost anything. Asked for each; must
    /// not block.
    /// </summary>
    bool Admits(string remoteHost) => true;

    /// <summary>A connection ended, or was closed at once, for a reason of ours. May come very often; must not block.</summary>
    void OnConnectionRefused(RefusedConnection refused)
    {
    }

    /// <summary>The association is accepted, and none of the presentation contexts that it proposed: it can carry nothing. Must not block.</summary>
    void OnNothingAccepted(AssociationContext association)
    {
    }

    /// <summary>A request was answered with a failure, and no sink nor any other call here tells of it. Must not block.</summary>
    void OnMessageRefused(AssociationContext association, RefusedMessage refused)
    {
    }
}

/// <summary>Takes one instance as a Part 10 stream. Disposed without <see cref="CompleteAsync"/>: the instance is dropped.</summary>
public interface IInstanceSink : IAsyncDisposable
{
    /// <summary>Gets preamble, file meta information and the data set's bytes exactly as received.</summary>
    Stream Stream { get; }

    /// <summary>All bytes are written: make them durable and answer.</summary>
    ValueTask<StoreReply> CompleteAsync(CancellationToken cancellationToken);
}
