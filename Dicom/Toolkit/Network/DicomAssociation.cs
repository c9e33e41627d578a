namespace FellowOakDicom.Network;

/// <summary>What two application entities agree on before they exchange messages (PS3.7 annex D, PS3.8 7.1).</summary>
public class DicomAssociation
{
    /// <summary>Asynchronous operations window when none is negotiated: synchronous (PS3.7 D.3.3.3).</summary>
    private const int Synchronous = 1;

    // What is shown, and what a service has set of it
    private (int Value, int? Set) _invoked = (Synchronous, null);
    private (int Value, int? Set) _performed = (Synchronous, null);
    private (int Invoked, int Performed) _asked = (Synchronous, Synchronous);

    public DicomAssociation(string callingAe, string calledAe)
    {
        ArgumentNullException.ThrowIfNull(callingAe);
        ArgumentNullException.ThrowIfNull(calledAe);
        CallingAE = callingAe;
        CalledAE = calledAe;
    }

    /// <summary>AE title of the requestor without padding.</summary>
    public string CallingAE { get; }

    /// <summary>AE title of the acceptor without padding.</summary>
    public string CalledAE { get; }

    /// <summary>
    /// Operations the requestor may have outstanding: as asked for, and after the answer as accepted; 0 stands for no limit (PS3.7 D.3.3.3). A
    /// service that sets it grants that number, at most what was asked for; else 1 is granted.
    /// </summary>
    public int MaxAsyncOpsInvoked
    {
        get => _invoked.Value;
        set => _invoked = (value, value);
    }

    /// <summary>The same for operations that the acceptor may have outstanding.</summary>
    public int MaxAsyncOpsPerformed
    {
        get => _performed.Value;
        set => _performed = (value, value);
    }

    public string RemoteHost { get; internal set; } = "";

    public int RemotePort { get; internal set; }

    /// <summary>Null when the peer does not say.</summary>
    public DicomUID? RemoteImplementationClassUID { get; internal set; }

    /// <summary>Null when the peer does not say.</summary>
    public string? RemoteImplementationVersion { get; internal set; }

    /// <summary>Longest variable part of a P-DATA-TF that the peer receives, bytes; 0 stands for no limit (PS3.8 D.1).</summary>
    public uint MaximumPDULength { get; internal set; }

    public DicomPresentationContextCollection PresentationContexts { get; } = new();

    /// <summary>The window that an acceptor answers: never 0, which would be no limit.</summary>
    internal (ushort Invoked, ushort Performed) GrantedWindow => (Grant(_asked.Invoked, _invoked.Set), Grant(_asked.Performed, _performed.Set));

    /// <summary>AE titles and the number of contexts.</summary>
    public override string ToString() => $"{CallingAE} -> {CalledAE}, {PresentationContexts.Count} presentation contexts";

    /// <summary>The window as the peer has it.</summary>
    internal void ReceiveWindow(int invoked, int performed)
    {
        _asked = (invoked, performed);
        _invoked = (invoked, null);
        _performed = (performed, null);
    }

    private static ushort Grant(int asked, int? set)
    {
        var granted = Math.Clamp(set ?? Synchronous, Synchronous, ushort.MaxValue);
        return (ushort)(asked == 0 ? granted : Math.Min(asked, granted));
    }
}
