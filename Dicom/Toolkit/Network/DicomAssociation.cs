namespace FellowOakDicom.Network;

/// <summary>What two application entities agree on before they exchange messages (PS3.7 annex D, PS3.8 7.1).</summary>
public class DicomAssociation
{
    /// <summary>Asynchronous operations window when none is negotiated: synchronous (PS3.7 D.3.3.3).</summary>
    private const int Synchronous = 1;

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

    /// <summary>Operations the requestor may have outstanding, as asked for; 0 stands for no limit. We answer and work with 1.</summary>
    public int MaxAsyncOpsInvoked { get; set; } = Synchronous;

    /// <summary>Operations the acceptor may have outstanding, as asked for; 0 stands for no limit. We answer and work with 1.</summary>
    public int MaxAsyncOpsPerformed { get; set; } = Synchronous;

    public string RemoteHost { get; internal set; } = "";

    public int RemotePort { get; internal set; }

    /// <summary>Null when the peer does not say.</summary>
    public DicomUID? RemoteImplementationClassUID { get; internal set; }

    /// <summary>Null when the peer does not say.</summary>
    public string? RemoteImplementationVersion { get; internal set; }

    /// <summary>Longest variable part of a P-DATA-TF that the peer receives, bytes; 0 stands for no limit (PS3.8 D.1).</summary>
    public uint MaximumPDULength { get; internal set; }

    public DicomPresentationContextCollection PresentationContexts { get; } = new();

    /// <summary>AE titles and the number of contexts.</summary>
    public override string ToString() => $"{CallingAE} -> {CalledAE}, {PresentationContexts.Count} presentation contexts";
}
