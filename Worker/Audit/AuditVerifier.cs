using System.Data;
using HSENet.Worker.Persistence;

namespace HSENet.Worker.Audit;

/// <summary>
/// Follows the chain from its first seal to its end, computing every hash again, and names what is not as it was sealed. What a fault hides is
/// looked at all the same: after each one the check goes on from what is there. Sees one moment of the database; sealing goes on beside it.
/// </summary>
internal sealed class AuditVerifier(Database database)
{
    private const int ListedFaults = 100;
    private static readonly byte[] Start = new byte[32];

    /// <param name="head">Kept elsewhere at an earlier time; null for none.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<AuditVerdict> VerifyAsync(AuditHead? head, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        return await new Pass(new AuditReader(connection), head).RunAsync(cancellationToken);
    }

    private sealed class Pass(AuditReader reader, AuditHead? head)
    {
        private readonly List<AuditFault> _faults = [];
        private long _faultCount;
        private long _sealCount;
        private long _last;

        // what the next seal may follow: the link before it, and after a fault also what that link should have been. None: anything
        private List<byte[]> _before = [Start];
        private byte[]? _lastChain;

        public async Task<AuditVerdict> RunAsync(CancellationToken cancellationToken)
        {
            while (await reader.PageAsync(_last, cancellationToken) is { Count: > 0 } page)
            {
                for (var i = 0; i < page.Count; i++)
                {
                    await LookAsync(page, i, cancellationToken);
                }
            }

            if (head is not null && head.Seq > _last)
            {
                Add(new("cut-off", null, null, $"the chain ends at seal {_last}, the head kept elsewhere is seal {head.Seq}: {head.Seq - _last} seals are gone"));
            }

            var (waiting, passed) = await reader.UnsealedAsync(cancellationToken);
            foreach (var eventId in passed)
            {
                Add(new("unsealed", null, eventId, "the row has no seal, and the sealer has passed it: its seal was taken away, or it was put in behind"));
            }

            return new AuditVerdict
            {
                Head = _lastChain is null ? AuditHead.Empty : new AuditHead(_last, Convert.ToHexStringLower(_lastChain)),
                SealCount = _sealCount,
                UnsealedCount = waiting,
                FaultCount = _faultCount,
                Faults = _faults,
            };
        }

        private async Task LookAsync(IReadOnlyList<SealedRow> page, int index, CancellationToken cancellationToken)
        {
            var seal = page[index];
            if (seal.Seq != _last + 1)
            {
                var missing = seal.Seq - _last - 1;
                Add(new("deleted", _last + 1, null, missing == 1 ? "the seal is gone" : $"{missing} seals are gone, the last of them seal {seal.Seq - 1}"));
                _before = [];
            }

            await LookAtRowAsync(seal, cancellationToken);
            LookAtLink(page, index);
            if (head is not null && head.Seq == seal.Seq && head.Hash != Convert.ToHexStringLower(seal.Chain))
            {
                Add(new("rewritten", seal.Seq, seal.EventId, "the link is another than that of the head kept elsewhere"));
            }

            _last = seal.Seq;
            _lastChain = seal.Chain;
            _sealCount++;
        }

        private async Task LookAtRowAsync(SealedRow seal, CancellationToken cancellationToken)
        {
            if (seal.Row is null)
            {
                Add(await reader.HasEventAsync(seal.EventId, cancellationToken)
                    ? new("changed", seal.Seq, seal.EventId, "the row has another time than the one sealed")
                    : new("deleted", seal.Seq, seal.EventId, "the row is gone"));
                return;
            }

            var hash = AuditHash.OfRow(seal.Row);
            if (hash.AsSpan().SequenceEqual(seal.RowHash))
            {
                return;
            }

            var owner = _faultCount < ListedFaults ? await reader.OwnerOfHashAsync(hash, cancellationToken) : null;
            Add(owner is { } other
                ? new("reordered", seal.Seq, seal.EventId, $"the row holds what event {other} held")
                : new("changed", seal.Seq, seal.EventId, "the row is not the one sealed"));
        }

        private void LookAtLink(IReadOnlyList<SealedRow> page, int index)
        {
            var seal = page[index];
            if (_before.Count == 0 || _before.Exists(b => Follows(b, seal.Seq, seal)))
            {
                _before = [seal.Chain];
                return;
            }

            // a seal of the same page that fits here has changed places
            if (_faultCount < ListedFaults && page.FirstOrDefault(other => _before.Exists(b => Follows(b, seal.Seq, other))) is { } rightful)
            {
                Add(new("reordered", seal.Seq, seal.EventId, $"seal {rightful.Seq} (event {rightful.EventId}) belongs here"));
                _before = [rightful.Chain];
                return;
            }

            Add(new("changed", seal.Seq, seal.EventId, "the seal does not follow from the one before it: it, or its row with it, was changed"));
            _before = [seal.Chain, AuditHash.Link(_before[0], seal.Seq, seal.EventId, seal.RowHash)];
        }

        private static bool Follows(byte[] before, long seq, SealedRow seal) =>
            AuditHash.Link(before, seq, seal.EventId, seal.RowHash).AsSpan().SequenceEqual(seal.Chain);

        private void Add(AuditFault fault)
        {
            if (_faultCount++ < ListedFaults)
            {
                _faults.Add(fault);
            }
        }
    }
}
