namespace FellowOakDicom.Network;

/// <summary>Settings of one side of an association.</summary>
public class DicomServiceOptions
{
    /// <summary>
    /// Longest variable part of a P-DATA-TF that we receive, bytes, declared to the peer. A longer one is answered with A-ABORT before it is
    /// read. Values over 1 MiB, and 0, mean 1 MiB. Default 262144.
    /// </summary>
    public uint MaxPDULength { get; set; } = 262144;

    /// <summary>Time to wait for the response to a request. Default null: as long as the connection lives.</summary>
    public TimeSpan? RequestTimeout { get; set; }

    /// <summary>Send without waiting for acknowledgements (no Nagle algorithm). Default true.</summary>
    public bool TcpNoDelay { get; set; } = true;

    public DicomServiceOptions Clone() => (DicomServiceOptions)MemberwiseClone();
}
