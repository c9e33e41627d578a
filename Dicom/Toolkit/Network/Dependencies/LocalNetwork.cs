namespace FellowOakDicom.Network;

/// <summary>This machine's network.</summary>
internal sealed class LocalNetwork : INetworkManager
{
    public string MachineName => Environment.MachineName;
}
