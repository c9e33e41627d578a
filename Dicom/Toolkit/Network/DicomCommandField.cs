namespace FellowOakDicom.Network;

/// <summary>Command Field (0000,0100) (PS3.7 annex E). A response has the top bit of its request's value set.</summary>
public enum DicomCommandField : ushort
{
    CStoreRequest = 0x0001,
    CStoreResponse = 0x8001,
    CEchoRequest = 0x0030,
    CEchoResponse = 0x8030,
}
