using FellowOakDicom;
using HSENet.Dicom.Receiving;
using HSENet.TestKit;

namespace HSENet.Integration.Tests;

/// <summary>One association from the receiver's side: what the SCP calls, in its order.</summary>
internal sealed class Sender(IInstanceReceiver receiver, AssociationContext context, AssociationVerdict verdict)
{
    public AssociationVerdict Verdict { get; } = verdict;

    public Task<StoreReply> StoreAsync(CtSeriesBuilder series, int slice)
    {
        using var stream = new MemoryStream();
        new DicomFile(series.DataSet(slice)).Save(stream);
        return StoreAsync(stream.ToArray(), series.SliceUid(slice));
    }

    public async Task<StoreReply> StoreAsync(byte[] file, string sopInstanceUid)
    {
        var incoming = new IncomingInstance(context, DicomUID.CTImageStorage.UID, sopInstanceUid, DicomTransferSyntax.ExplicitVRLittleEndian.UID.UID);
        await using var sink = receiver.Begin(incoming);
        foreach (var chunk in file.Chunk(700))      // PDVs do not respect elements
            await sink.Stream.WriteAsync(chunk);
        return await sink.CompleteAsync(CancellationToken.None);
    }

    /// <summary>An instance whose association goes away before its last byte.</summary>
    public async Task AbandonAsync(byte[] bytes, string sopInstanceUid = "1.2.3")
    {
        var incoming = new IncomingInstance(context, DicomUID.CTImageStorage.UID, sopInstanceUid, DicomTransferSyntax.ExplicitVRLittleEndian.UID.UID);
        await using var sink = receiver.Begin(incoming);
        await sink.Stream.WriteAsync(bytes);
    }

    /// <summary>The peer is gone; it was heard of last so long ago.</summary>
    public void Ending(TimeSpan silence) => receiver.OnAssociationEnding(context, silence);

    public async Task EndAsync(AssociationEnd end = AssociationEnd.Released) =>
        await receiver.OnAssociationEndedAsync(context, end, CancellationToken.None);
}
