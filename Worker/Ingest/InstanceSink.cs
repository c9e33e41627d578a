using HSENet.Dicom.Files;
using HSENet.Dicom.Receiving;

namespace HSENet.Worker.Ingest;

/// <summary>Takes one instance into a part file and hands it to the store. Whatever goes wrong becomes a status, never an exception.</summary>
internal sealed class InstanceSink : IInstanceSink
{
    private readonly IncomingInstance _incoming;
    private readonly OpenAssociation _association;
    private readonly InstanceStore _store;
    private readonly PartFile? _part;
    private readonly PartStream _stream;
    private bool _isPlaced;
    private bool _isAnswered;

    public InstanceSink(IncomingInstance incoming, OpenAssociation association, InstanceStore store, bool isShort)
    {
        _incoming = incoming;
        _association = association;
        _store = store;
        _part = isShort ? null : association.Next.Take();
        _stream = new PartStream(_part, isShort: () => store.IsShort);
    }

    public Stream Stream => _stream;

    public async ValueTask<StoreReply> CompleteAsync(CancellationToken cancellationToken)
    {
        if (_part is null)
        {
            await _association.Next.DiscardAsync();
            return Answered(_store.RefuseForSpace(_association));
        }

        // while the disk is busy with it, it is looked at, its row written and the next file made: the sender waits for the disk anyway
        var durable = Task.Run(_stream.MakeDurable, CancellationToken.None);
        try
        {
            var reply = await _store.StoreAsync(_incoming, _association, _part, _stream, durable, cancellationToken);
            _isPlaced = reply.Status == StoreReply.Success.Status;
            return Answered(reply);
        }
        finally
        {
            await durable;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_isAnswered)
        {
            _isAnswered = true;
            _association.BrokeOff(_incoming.SopInstanceUid, SeriesKey());
        }

        await _stream.DisposeAsync();
        if (_part is { MayHaveRow: false } && !_isPlaced)
        {
            SpoolStore.Discard(_part.Path);      // gone already when it was quarantined
        }
    }

    private StoreReply Answered(StoreReply reply)
    {
        _isAnswered = true;
        _association.Answered(_incoming.SopInstanceUid, reply.Status, reply.Status == StoreReply.Success.Status ? null : SeriesKey());
        return reply;
    }

    /// <summary>Of what came, whole or not. Null: it does not tell.</summary>
    private Guid? SeriesKey() =>
        Part10Scan.SeriesOf(_stream.Beginning()) is var (study, series) ? StoredInstance.KeyOfSeries(study, series) : null;
}
