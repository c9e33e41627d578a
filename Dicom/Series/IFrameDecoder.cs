using FellowOakDicom;

namespace HSENet.Dicom.Series;

/// <summary>Turns the Pixel Data of one transfer syntax family into stored values in native little endian.</summary>
internal interface IFrameDecoder
{
    IReadOnlyList<string> TransferSyntaxUids { get; }

    /// <summary>Decodes the single frame of <paramref name="dataSet"/> into exactly <paramref name="frame"/>.</summary>
    /// <param name="dataSet">The instance, Pixel Data included; untrusted.</param>
    /// <param name="format">What the header says of the pixels; already judged.</param>
    /// <param name="frame"><see cref="PixelFormat.FrameBytes"/> bytes.</param>
    /// <returns>Null, or what is wrong with the pixels.</returns>
    string? Decode(DicomDataset dataSet, PixelFormat format, Span<byte> frame);
}
