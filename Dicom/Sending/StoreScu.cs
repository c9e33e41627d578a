using FellowOakDicom;

namespace HSENet.Dicom.Sending;

/// <summary>Another DICOM node.</summary>
public sealed record RemoteNode(string Host, int Port, string CalledAe, string CallingAe);

/// <summary>Outcome of sending one instance. Success only for status 0000; warnings (Bxxx) are kept apart.</summary>
public abstract record SendOutcome
{
    private SendOutcome()
    {
    }

    public sealed record Stored : SendOutcome;

    public sealed record StoredWithWarning(ushort Status) : SendOutcome;

    /// <param name="Code">Stable dotted code, for example <c>delivery.rejected</c>, <c>delivery.unreachable</c>, <c>delivery.status</c>.</param>
    /// <param name="Detail">For the operator; no patient data.</param>
    /// <param name="IsTransient">Worth trying again.</param>
    public sealed record Failed(string Code, string Detail, bool IsTransient) : SendOutcome;
}

/// <summary>C-STORE and C-ECHO as SCU.</summary>
public static class StoreScu
{
    /// <summary>Sends files over one association in order. The result has one outcome for each file. Never throws for what the peer does.</summary>
    public static Task<IReadOnlyList<SendOutcome>> SendAsync(
        RemoteNode node, IReadOnlyList<DicomFile> files, IProgress<int>? progress, CancellationToken cancellationToken) =>
        throw new NotImplementedException();

    /// <summary>C-ECHO. Null when it succeeded, else what went wrong.</summary>
    public static Task<SendOutcome.Failed?> EchoAsync(RemoteNode node, CancellationToken cancellationToken) =>
        throw new NotImplementedException();
}
