using Dapper;
using HSENet.Dicom.Commitment;
using HSENet.Worker.Ingest;
using HSENet.Worker.Persistence;

namespace HSENet.Worker.Commitment;

/// <summary>Whether we keep an instance: its row, its file, and every byte of its data set as it was received.</summary>
internal sealed class SpoolVerifier(Database database, SpoolStore spool)
{
    private const string FindSql = """
        select sop_instance_uid, sop_class_uid, series_key, instance_key, digest, head_digest, length_bytes from instance where sop_instance_uid = any(@uids)
        """;

    /// <returns>For each reference: null when it is kept, else the failure reason.</returns>
    public async Task<IReadOnlyList<ushort?>> VerifyAsync(IReadOnlyList<CommitmentReference> references, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var rows = (await connection.QueryAsync<Row>(new CommandDefinition(
            FindSql, new { uids = references.Select(r => r.SopInstanceUid).Distinct().ToArray() }, cancellationToken: cancellationToken))).ToLookup(r => r.SopInstanceUid);
        var verdicts = new List<ushort?>(references.Count);
        foreach (var reference in references)
        {
            cancellationToken.ThrowIfCancellationRequested();
            verdicts.Add(Judge(reference, rows[reference.SopInstanceUid]));
        }

        return verdicts;
    }

    /// <summary>The same UID may be in two series (it should not); one that is right is enough.</summary>
    private ushort? Judge(CommitmentReference reference, IEnumerable<Row> rows)
    {
        ushort? worst = FailureReason.NoSuchInstance;
        foreach (var row in rows)
        {
            worst = row.SopClassUid != reference.SopClassUid ? FailureReason.ClassInstanceConflict : Judge(row);
            if (worst is null)
            {
                break;
            }
        }

        return worst;
    }

    private ushort? Judge(Row row)
    {
        var path = spool.PathOf(row.SeriesKey, row.InstanceKey);
        try
        {
            return SpoolFile.Check(path, new FileFacts(row.LengthBytes, row.Digest, row.HeadDigest)) switch
            {
                FileState.Intact => null,
                FileState.Missing => FailureReason.NoSuchInstance,
                _ => FailureReason.ProcessingFailure,
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return FailureReason.ResourceLimitation;
        }
    }

    private sealed record Row(string SopInstanceUid, string SopClassUid, Guid SeriesKey, Guid InstanceKey, byte[] Digest, byte[]? HeadDigest, long LengthBytes);
}
