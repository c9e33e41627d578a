using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace HSENet.Worker.Reporting;

/// <summary>
/// What the UIDs of a report derive from. Each attempt of a job by the same model gives the same; a replaced model, or a job that is done again after its database was
/// lost, gives another, so that no other bytes ever stand under a UID that was sent.
/// </summary>
internal static class ReportIdentity
{
    /// <param name="jobId">The job.</param>
    /// <param name="modelDigest">Of the model that wrote it: a directory's name says nothing of what lies in it.</param>
    /// <param name="createdAt">The time that the report bears, fixed at the job's first claim.</param>
    /// <param name="replacedUid">SOP Instance UID of the lost report that it replaces or follows, perhaps of the same second; null for none.</param>
    public static Guid Of(Guid jobId, string modelDigest, DateTime createdAt, string? replacedUid)
    {
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"report\n{jobId:N}\n{modelDigest}\n{createdAt.Ticks}\n{replacedUid}")), hash);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }
}
