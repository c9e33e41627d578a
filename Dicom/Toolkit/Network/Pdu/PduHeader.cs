namespace FellowOakDicom.Network.Pdu;

/// <summary>Type and length of the variable part of a PDU.</summary>
internal readonly record struct PduHeader(PduType Type, int Length)
{
    /// <summary>Bytes before the variable part: type, reserved, length.</summary>
    public const int Size = 6;
}
