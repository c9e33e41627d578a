namespace FellowOakDicom.Network.Pdu;

/// <summary>What a PDU may measure before we look at anything but its header.</summary>
internal static class PduLimits
{
    /// <summary>Hard cap of a P-DATA-TF, bytes, whatever the options say.</summary>
    public const int Data = 1024 * 1024;

    /// <summary>A-ASSOCIATE-RQ and -AC, bytes.</summary>
    public const int Associate = 64 * 1024;

    /// <summary>The four fixed PDUs carry 4 bytes; a little more is tolerated.</summary>
    public const int Fixed = 64;

    /// <summary>A command set, bytes.</summary>
    public const int Command = 64 * 1024;

    /// <summary>Smallest maximum length of a peer that a PDV with two bytes of data fits into.</summary>
    public const uint SmallestPeerMaximum = 8;

    /// <summary>The P-DATA-TF length we declare and enforce for a configured value.</summary>
    public static uint Effective(uint configured) => configured is 0 or > Data ? Data : configured;
}
