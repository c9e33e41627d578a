using System.Collections.Immutable;
using HSENet.Dicom.Codecs.JpegLossless;
using HSENet.Dicom.Series;

namespace HSENet.Dicom.Codecs;

/// <summary>The decoders that can be used now, by transfer syntax. Decoders may be added while others are used.</summary>
internal sealed class FrameDecoders
{
    private ImmutableDictionary<string, IFrameDecoder> _decoders = ImmutableDictionary<string, IFrameDecoder>.Empty;

    public FrameDecoders(params IFrameDecoder[] decoders)
    {
        foreach (var decoder in decoders)
            Add(decoder);
    }

    /// <summary>The process's own. Decoders that need more than this library add themselves at the start.</summary>
    public static FrameDecoders Default { get; } = new(new NativeFrameDecoder(), new RleFrameDecoder(), new JpegLosslessFrameDecoder(), new JpegFrameDecoder());

    /// <summary>In no order.</summary>
    public IEnumerable<string> TransferSyntaxUids => _decoders.Keys;

    /// <summary>Whether pixels take as many bytes in the file as in memory.</summary>
    public static bool IsNative(string transferSyntaxUid) =>
        transferSyntaxUid is NativeFrameDecoder.ImplicitLittleEndian or NativeFrameDecoder.ExplicitLittleEndian or NativeFrameDecoder.ExplicitBigEndian;

    /// <summary>Takes the syntaxes that <paramref name="decoder"/> can decode now; it takes the place of an earlier decoder of theirs.</summary>
    public void Add(IFrameDecoder decoder)
    {
        foreach (var uid in decoder.TransferSyntaxUids)
            ImmutableInterlocked.AddOrUpdate(ref _decoders, uid, decoder, (_, _) => decoder);
    }

    /// <summary>Forgets every syntax of <paramref name="decoder"/>.</summary>
    public void Remove(IFrameDecoder decoder) =>
        ImmutableInterlocked.Update(ref _decoders, d => d.RemoveRange(d.Where(entry => entry.Value == decoder).Select(entry => entry.Key)));

    public bool CanDecode(string transferSyntaxUid) => _decoders.ContainsKey(transferSyntaxUid);

    /// <returns>Null when there is no decoder.</returns>
    public IFrameDecoder? For(string transferSyntaxUid) => _decoders.GetValueOrDefault(transferSyntaxUid);

    /// <returns>Null when the syntax can be decoded.</returns>
    public Refusal? Judge(string transferSyntaxUid, string sopInstanceUid)
    {
        if (CanDecode(transferSyntaxUid))
            return null;

        return new(
            Compression.IsCompressed(transferSyntaxUid) ? RefusalReason.CompressedTransferSyntax : RefusalReason.UnsupportedTransferSyntax,
            $"{sopInstanceUid}: transfer syntax {transferSyntaxUid} ({Compression.NameOf(transferSyntaxUid)}) cannot be decoded here: {Compression.Advice(transferSyntaxUid)}");
    }
}
