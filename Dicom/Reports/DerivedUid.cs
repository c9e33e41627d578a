using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace HSENet.Dicom.Reports;

/// <summary>UIDs that follow from what they identify: the same work gives the same object however often it is done.</summary>
internal static class DerivedUid
{
    /// <summary>A UUID (RFC 9562 version 8: bits of a hash) under 2.25, PS3.5 B.2.</summary>
    public static string From(string purpose, string identity)
    {
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{purpose}/{identity}"), hash);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return "2.25." + new BigInteger(hash[..16], isUnsigned: true, isBigEndian: true);
    }

    public static string From(string purpose, Guid identity) => From(purpose, identity.ToString("N"));
}
