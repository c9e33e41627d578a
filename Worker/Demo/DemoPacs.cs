using System.Threading.Channels;
using HSENet.Dicom.Receiving;

namespace HSENet.Worker.Demo;

/// <summary>The demo's own PACS: takes whatever is sent and hands each Part 10 file on.</summary>
internal sealed class DemoPacs : IInstanceReceiver
{
    private readonly Channel<byte[]> _received = Channel.CreateUnbounded<byte[]>();

    public ChannelReader<byte[]> Received => _received.Reader;

    public ValueTask<AssociationVerdict> OnAssociationAsync(AssociationContext association, CancellationToken cancellationToken) =>
        ValueTask.FromResult<AssociationVerdict>(AssociationVerdict.Accept.Instance);

    public IInstanceSink Begin(IncomingInstance incoming) => new Sink(_received.Writer);

    public ValueTask OnAssociationEndedAsync(AssociationContext association, AssociationEnd end, CancellationToken cancellationToken) =>
        ValueTask.CompletedTask;

    private sealed class Sink(ChannelWriter<byte[]> received) : IInstanceSink
    {
        private readonly MemoryStream _bytes = new();

        public Stream Stream => _bytes;

        public async ValueTask<StoreReply> CompleteAsync(CancellationToken cancellationToken)
        {
            await received.WriteAsync(_bytes.ToArray(), cancellationToken);
            return StoreReply.Success;
        }

        public ValueTask DisposeAsync() => _bytes.DisposeAsync();
    }
}
