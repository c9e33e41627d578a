namespace FellowOakDicom.Network;

/// <summary>Priority (0000,0700) of a C-service (PS3.7 annex E).</summary>
public enum DicomPriority : ushort
{
    Low = 0x0002,
    Medium = 0x0000,
    High = 0x0001,
}
