using HSENet.Dicom.Codecs.Native;
using HSENet.Dicom.Decoder;
using HSENet.Dicom.Series;
using HSENet.TestKit;

namespace HSENet.Dicom.Tests.Codecs.Native;

/// <summary>Decoder processes with the system's libraries, for the tests of one class.</summary>
public sealed class SystemPool : IDisposable
{
    internal DecoderPool Pool { get; } = new(new DecoderLimits(), TimeProvider.System);

    public void Dispose() => Pool.Dispose();

    /// <summary>Fails where services are required and a library is absent.</summary>
    internal SystemFrameDecoder Decoder(Codec codec)
    {
        foreach (var (_, found) in SystemCodecs.Look(Pool))
        {
            if (found.Version is null)
                Requirement.Missing($"{found.Package} ({found.Problem})");
        }

        return new(Pool, codec);
    }

    /// <summary>The stored values of the one frame of a compressed file, or why there are none.</summary>
    internal (int[]? Values, string? Problem) Read(string path)
    {
        var (slice, refusal) = CtSliceReader.ReadHeader(path, "file");
        if (slice is null)
            return (null, refusal!.Detail);

        var (dataSet, problem) = CtSliceReader.Open(path, slice.Header, FellowOakDicom.FileReadOption.ReadAll);
        if (dataSet is null)
            return (null, problem);

        var codec = slice.Header.TransferSyntaxUid is "1.2.840.10008.1.2.4.80" or "1.2.840.10008.1.2.4.81" ? Codec.JpegLs : Codec.Jpeg2000;
        var decoder = Decoder(codec);
        Assert.Contains(slice.Header.TransferSyntaxUid, decoder.TransferSyntaxUids);
        var format = slice.Pixels!.Value;
        var frame = new byte[format.FrameBytes];
        return decoder.Decode(dataSet, format, frame) is { } bad ? (null, bad) : (StoredValues.Of(frame, format), null);
    }
}
