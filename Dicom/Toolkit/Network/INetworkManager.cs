namespace FellowOakDicom.Network;

/// <summary>The machine's network. Handed over by dependency injection.</summary>
public interface INetworkManager
{
    string MachineName { get; }
}
