using FellowOakDicom;
using FellowOakDicom.Network;

namespace HSENet.Dicom.Sending;

/// <summary>C-STORE and C-ECHO as SCU (PS3.4 A, B). Each call is one association of its own; after a timeout it is aborted, never used again.</summary>
public static class StoreScu
{
    /// <summary>Sends files over one association in order. The result has one outcome for each file. Never throws for what the peer does.</summary>
    public static Task<IReadOnlyList<SendOutcome>> SendAsync(
        RemoteNode node, IReadOnlyList<DicomFile> files, IProgress<int>? progress, CancellationToken cancellationToken) =>
        SendAsync(node, files, progress, ScuLimits.Default, cancellationToken);

    /// <summary>C-ECHO. Null when it succeeded, else what went wrong.</summary>
    public static Task<SendOutcome.Failed?> EchoAsync(RemoteNode node, CancellationToken cancellationToken) =>
        EchoAsync(node, ScuLimits.Default, cancellationToken);

    internal static async Task<IReadOnlyList<SendOutcome>> SendAsync(
        RemoteNode node, IReadOnlyList<DicomFile> files, IProgress<int>? progress, ScuLimits limits, CancellationToken cancellationToken) =>
        await SendAsync(node, files, [], progress, limits, cancellationToken).ConfigureAwait(false);

    /// <summary>One file, with other classes proposed beside its own: a refusal of its own tells which of them the peer takes.</summary>
    public static async Task<SendOutcome> SendAsync(RemoteNode node, DicomFile file, IReadOnlyList<DicomUID> others, CancellationToken cancellationToken) =>
        (await SendAsync(node, [file], others, null, ScuLimits.Default, cancellationToken).ConfigureAwait(false)).Single();

    private static async Task<IReadOnlyList<SendOutcome>> SendAsync(
        RemoteNode node, IReadOnlyList<DicomFile> files, IReadOnlyList<DicomUID> others, IProgress<int>? progress, ScuLimits limits, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(node);
        ArgumentNullException.ThrowIfNull(files);
        if (files.Count == 0)
            return [];

        var outcomes = new SendOutcome?[files.Count];
        var answered = 0;
        await using var association = new ScuAssociation(node, limits);
        var own = files.Select(f => f.Dataset.GetSingleValueOrDefault(DicomTag.SOPClassUID, "")).ToHashSet();
        foreach (var other in others.Where(o => !own.Contains(o.UID)))
            association.Propose(other);
        for (var i = 0; i < files.Count; i++)
        {
            var index = i;
            var request = new DicomCStoreRequest(files[i], DicomPriority.Medium);
            request.OnResponseReceived = (_, response) =>
            {
                outcomes[index] = Judge(association, request.SOPClassUID?.UID, PeerAnswer.Of(response, files[index].Dataset));
                progress?.Report(Interlocked.Increment(ref answered));
            };
            await association.AddAsync(request).ConfigureAwait(false);
        }

        var failure = await association.RunAsync(cancellationToken).ConfigureAwait(false);
        return [.. outcomes.Select(outcome => outcome ?? failure ?? SendFailure.NoAnswer)];
    }

    /// <summary>
    /// Proposes SOP classes beside Verification and sends nothing but C-ECHO, where the peer takes that: which of them it takes, or what
    /// went wrong. A peer without Verification that takes a class is well.
    /// </summary>
    public static async Task<(IReadOnlyList<string> Accepted, SendOutcome.Failed? Failure)> NegotiateAsync(
        RemoteNode node, IReadOnlyList<DicomUID> sopClasses, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(node);
        ArgumentNullException.ThrowIfNull(sopClasses);
        SendOutcome? outcome = null;
        await using var association = new ScuAssociation(node, ScuLimits.Default);
        foreach (var sopClass in sopClasses)
            association.Propose(sopClass);
        var request = new DicomCEchoRequest();
        request.OnResponseReceived = (_, response) => outcome = Judge(association, request.SOPClassUID?.UID, PeerAnswer.Of(response));
        await association.AddAsync(request).ConfigureAwait(false);

        var failure = await association.RunAsync(cancellationToken).ConfigureAwait(false);
        IReadOnlyList<string> accepted = [.. association.Accepted.Where(a => sopClasses.Any(c => c.UID == a))];
        return outcome switch
        {
            SendOutcome.Failed { Code: "delivery.refused-context" } when accepted.Count > 0 => (accepted, null),
            SendOutcome.Failed failed => (accepted, failed),
            null => (accepted, failure ?? SendFailure.NoAnswer),
            _ => (accepted, null),
        };
    }

    internal static async Task<SendOutcome.Failed?> EchoAsync(RemoteNode node, ScuLimits limits, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(node);
        SendOutcome? outcome = null;
        await using var association = new ScuAssociation(node, limits);
        var request = new DicomCEchoRequest();
        request.OnResponseReceived = (_, response) => outcome = Judge(association, request.SOPClassUID?.UID, PeerAnswer.Of(response));
        await association.AddAsync(request).ConfigureAwait(false);

        var failure = await association.RunAsync(cancellationToken).ConfigureAwait(false);
        return outcome switch
        {
            SendOutcome.Failed failed => failed,
            null => failure ?? SendFailure.NoAnswer,
            _ => null,
        };
    }

    /// <summary>Only 0000 is success; a warning is kept apart; what the other statuses mean is in <see cref="DimseStatus"/>.</summary>
    private static SendOutcome Judge(ScuAssociation association, string? sopClassUid, PeerAnswer answer) => answer.Status.Meaning switch
    {
        StatusMeaning.Success => new SendOutcome.Stored(),
        StatusMeaning.Warning => new SendOutcome.StoredWithWarning(answer.Status.Code) { Answer = answer },

        // the toolkit's own answer for what it could not send (PS3.7 C.5.6 has the same code)
        _ when answer.Status.Code == 0x0122 && !association.Accepts(sopClassUid) => SendFailure.RefusedContext(sopClassUid) with { Accepted = association.Accepted is { Count: > 0 } accepted ? accepted : null },
        _ => SendFailure.Answered(answer),
    };
}
