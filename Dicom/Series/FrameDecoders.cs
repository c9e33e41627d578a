namespace HSENet.Dicom.Series;

/// <summary>The decoders that can be used now, by transfer syntax.</summary>
internal sealed class FrameDecoders
{
    private readonly Dictionary<string, IFrameDecoder> _decoders = [];

    public FrameDecoders(params IFrameDecoder[] decoders)
    {
        foreach (var decoder in decoders)
        {
            foreach (var uid in decoder.TransferSyntaxUids)
                _decoders.Add(uid, decoder);
        }
    }

    public static FrameDecoders Default { get; } = new(new NativeFrameDecoder());

    /// <summary>Whether pixels take as many bytes in the file as in memory.</summary>
    public static bool IsNative(string transferSyntaxUid) =>
        transferSyntaxUid is NativeFrameDecoder.ImplicitLittleEndian or NativeFrameDecoder.ExplicitLittleEndian;

    public IFrameDecoder For(string transferSyntaxUid) => _decoders[transferSyntaxUid];

    /// <returns>Null when the syntax can be decoded.</returns>
    public Refusal? Judge(string transferSyntaxUid, string sopInstanceUid)
    {
        if (_decoders.ContainsKey(transferSyntaxUid))
            return null;

        // PS3.5 A.4: the encapsulated still-image syntaxes
        var reason = transferSyntaxUid.StartsWith("1.2.840.10008.1.2.4.", StringComparison.Ordinal) || transferSyntaxUid == "1.2.840.10008.1.2.5"
            ? RefusalReason.CompressedTransferSyntax
            : RefusalReason.UnsupportedTransferSyntax;
        return new(reason, $"{sopInstanceUid}: transfer syntax {transferSyntaxUid}");
    }
}
