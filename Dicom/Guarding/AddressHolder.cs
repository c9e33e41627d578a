using System.Net;
using System.Net.Sockets;

namespace HSENet.Dicom.Guarding;

/// <summary>
/// Who holds what is counted by address. Whoever has one address of IPv6 has 2^64 of them: a network of 64 bits is one holder. An address of
/// IPv4 is the same one in the form of IPv6.
/// </summary>
public static class AddressHolder
{
    private const int NetworkBits = 64;

    /// <param name="address">As the toolkit tells it; what is no address is its own holder.</param>
    public static string Of(string address)
    {
        if (!IPAddress.TryParse(address, out var parsed))
            return address;
        if (parsed.IsIPv4MappedToIPv6)
            parsed = parsed.MapToIPv4();
        if (parsed.AddressFamily != AddressFamily.InterNetworkV6)
            return parsed.ToString();
        var network = parsed.GetAddressBytes();
        network.AsSpan(NetworkBits / 8).Clear();
        return $"{new IPAddress(network, parsed.ScopeId)}/{NetworkBits}";
    }
}
