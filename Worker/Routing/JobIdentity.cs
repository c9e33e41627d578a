using System.Security.Cryptography;
using System.Text;

namespace HSENet.Worker.Routing;

/// <summary>Ids of jobs follow from what they are about, so that a database that was lost and made anew has the same ones.</summary>
internal static class JobIdentity
{
    /// <summary>A UUID of RFC 9562 version 8. Parts are set off by line feeds, which none of them holds.</summary>
    /// <param name="deploymentId">Two installations that get the same images are not the same.</param>
    /// <param name="seriesKey">Stands for study and series.</param>
    /// <param name="contentHash">What the series held.</param>
    /// <param name="route">Name of the route.</param>
    /// <param name="model">
    /// Name of the model directory that the route asks for. What lies in it is known where it is loaded, mostly in another process: the digest is in the identity of the
    /// report (<see cref="Reporting.ReportIdentity"/>).
    /// </param>
    /// <param name="headerReturns">
    /// How often former headers had come back into use: a content that counts again, after another one was reported, has a job of its own. 0 for almost all.
    /// </param>
    public static Guid Of(Guid deploymentId, Guid seriesKey, string contentHash, string route, string model, int headerReturns = 0)
    {
        Span<byte> hash = stackalloc byte[32];
        var returns = headerReturns > 0 ? $"\n{headerReturns}" : "";
        SHA256.HashData(Encoding.UTF8.GetBytes($"job\n{deploymentId:N}\n{seriesKey:N}\n{contentHash}\n{route}\n{model}{returns}"), hash);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }
}
