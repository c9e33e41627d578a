using HSENet.Dicom.Receiving;

namespace HSENet.Worker.Ingest;

/// <summary>Takes one instance into a part file and hands it to the store. Whatever goes wrong becomes a status, never an exception.</summary>
internal sealed class InstanceSink : IInstanceSink
{
    private readonly IncomingInstance _incoming;
    private readonly OpenAssociation _association;
    private readonly InstanceStore _store;
    private readonly bool _isShort;
    private readonly string _path;
    private readonly PartStream _stream;

    public InstanceSink(IncomingInstance incoming, OpenAssociation association, InstanceStore store, bool isShort)
    {
        _incoming = incoming;
        _association = association;
        _store = store;
        _isShort = isShort;
        _path = store.NewPartPath();
        _stream = new PartStream(isShort ? null : _path);
    }

    public Stream Stream => _stream;

    public async ValueTask<StoreReply> CompleteAsync(CancellationToken cancellationToken)
    {
        if (_isShort)
        {
            return _store.RefuseForSpace(_association);
        }

        _stream.MakeDurable();
        return await _store.StoreAsync(_incoming, _association, _path, _stream, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        if (!_isShort)
        {
            SpoolStore.Discard(_path);      // gone already when it was placed or quarantined
        }
    }
}
