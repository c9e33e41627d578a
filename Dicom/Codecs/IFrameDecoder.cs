using FellowOakDicom;
using HSENet.Dicom.Series;

namespace HSENet.Dicom.Codecs;

/// <summary>Turns the Pixel Data of one transfer syntax family into stored values in native little endian.</summary>
internal interface IFrameDecoder
{
    /// <summary>What can be decoded now: a decoder whose library is absent has none.</summary>
    IReadOnlyList<string> TransferSyntaxUids { get; }

    /// <summary>Decodes the single frame of <paramref name="dataSet"/> into exactly <paramref name="frame"/>. Used by several threads at once.</summary>
    /// <param name="dataSet">The instance, Pixel Data included; untrusted.</param>
    /// <param name="format">What the header says of the pixels; already judged.</param>
    /// <param name="frame"><see cref="PixelFormat.FrameBytes"/> bytes.</param>
    /// <returns>Null, or what is wrong with the pixels.</returns>
    string? Decode(DicomDataset dataSet, PixelFormat format, Span<byte> frame);
}
