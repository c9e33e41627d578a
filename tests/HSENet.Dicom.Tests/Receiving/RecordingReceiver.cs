using System.Collections.Concurrent;
using HSENet.Dicom.Guarding;
using HSENet.Dicom.Receiving;
using HSENet.TestKit;

namespace HSENet.Dicom.Tests.Receiving;

/// <summary>Writes what arrives into a folder and records what it is told. Behaviour can be replaced piece by piece.</summary>
internal sealed class RecordingReceiver : IInstanceReceiver, IDisposable
{
    private readonly TempFolder _folder = new("receiver");
    private int _count;

    public ConcurrentQueue<AssociationContext> Associations { get; } = new();

    public ConcurrentQueue<(AssociationContext Association, AssociationEnd End)> Ends { get; } = new();

    public ConcurrentQueue<ReceivedFile> Files { get; } = new();

    /// <summary>Instances dropped before they were complete.</summary>
    public ConcurrentQueue<IncomingInstance> Dropped { get; } = new();

    public ConcurrentQueue<RefusedConnection> RefusedConnections { get; } = new();

    public ConcurrentQueue<RefusedMessage> RefusedMessages { get; } = new();

    /// <summary>Associations that had no presentation context accepted.</summary>
    public ConcurrentQueue<AssociationContext> Unusable { get; } = new();

    public void OnNothingAccepted(AssociationContext association) => Unusable.Enqueue(association);

    public Func<string, bool> AdmitsHost { get; set; } = _ => true;

    public Func<AssociationContext, AssociationVerdict> Judge { get; set; } = _ => AssociationVerdict.Accept.Instance;

    /// <summary>Called before the first byte.</summary>
    public Action<IncomingInstance> OnBegin { get; set; } = _ => { };

    /// <summary>Called for each piece of an instance.</summary>
    public Action<IncomingInstance> OnWrite { get; set; } = _ => { };

    public Func<IncomingInstance, CancellationToken, ValueTask<StoreReply>> Complete { get; set; } = (_, _) => new(StoreReply.Success);

    public ValueTask<AssociationVerdict> OnAssociationAsync(AssociationContext association, CancellationToken cancellationToken)
    {
        Associations.Enqueue(association);
        return new(Judge(association));
    }

    public IInstanceSink Begin(IncomingInstance incoming)
    {
        OnBegin(incoming);
        return new Sink(this, incoming, _folder.Path($"{Interlocked.Increment(ref _count)}.dcm"));
    }

    /// <summary>How long the peers had been silent when their associations ended.</summary>
    public ConcurrentQueue<TimeSpan> Silences { get; } = new();

    public void OnAssociationEnding(AssociationContext association, TimeSpan silence) => Silences.Enqueue(silence);

    /// <summary>Called when an association has ended; until it returns that is not recorded.</summary>
    public Func<Task> OnEnded { get; set; } = () => Task.CompletedTask;

    public async ValueTask OnAssociationEndedAsync(AssociationContext association, AssociationEnd end, CancellationToken cancellationToken)
    {
        Ends.Enqueue((association, end));
        await OnEnded();
    }

    public bool Admits(string remoteHost) => AdmitsHost(remoteHost);

    public void OnConnectionRefused(RefusedConnection refused) => RefusedConnections.Enqueue(refused);

    public void OnMessageRefused(AssociationContext association, RefusedMessage refused) => RefusedMessages.Enqueue(refused);

    public void Dispose() => _folder.Dispose();

    internal sealed record ReceivedFile(IncomingInstance Incoming, string Path);

    private sealed class Sink(RecordingReceiver owner, IncomingInstance incoming, string path) : IInstanceSink
    {
        private readonly FileStream _file = File.Create(path);
        private bool _isComplete;

        public Stream Stream => new HookedStream(_file, () => owner.OnWrite(incoming));

        public async ValueTask<StoreReply> CompleteAsync(CancellationToken cancellationToken)
        {
            var reply = await owner.Complete(incoming, cancellationToken);
            await _file.FlushAsync(cancellationToken);
            _isComplete = true;
            owner.Files.Enqueue(new ReceivedFile(incoming, path));
            return reply;
        }

        public ValueTask DisposeAsync()
        {
            if (!_isComplete)
                owner.Dropped.Enqueue(incoming);
            return _file.DisposeAsync();
        }
    }

    private sealed class HookedStream(Stream inner, Action onWrite) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => inner.Length;

        public override long Position
        {
            get => inner.Position;
            set => throw new NotSupportedException();
        }

        public override void Write(byte[] buffer, int offset, int count)
        {
            onWrite();
            inner.Write(buffer, offset, count);
        }

        public override void Flush() => inner.Flush();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
