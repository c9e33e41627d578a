using System.Buffers.Binary;
using FellowOakDicom;
using HSENet.Dicom.Codecs.Jpeg2000;
using HSENet.Dicom.Series;

namespace HSENet.Dicom.Codecs;

/// <summary>
/// Loss that only the codestream tells of: under a transfer syntax for lossless images, in a data set that says nothing. A wrong label is no reason to refuse the image,
/// but its report has to tell.
/// </summary>
internal static class CodestreamLoss
{
    private const byte Marker = 0xFF;
    private const byte StartOfScan = 0xDA;

    /// <param name="dataSet">An instance whose pixels were decoded.</param>
    /// <param name="transferSyntaxUid">Of the file.</param>
    /// <returns>Null where nothing was lost, as far as a codestream can tell: what an encoder left out before a reversible transform is not seen.</returns>
    public static LossyCompression? Of(DicomDataset dataSet, string transferSyntaxUid)
    {
        if (Method(transferSyntaxUid) is not { } method || EncapsulatedFrame.Join(dataSet) is not { Problem: null } joined)
            return null;

        var codestream = joined.Codestream.Span;
        return CodestreamHeader.Parse(codestream).Header switch
        {
            { Kind: CodestreamKind.Jpeg2000 } when !TileParts.Look(codestream).IsReversible => new(null, [method]),
            { Kind: CodestreamKind.JpegLs } when IsScanLossy(codestream, hasTolerance: true) => new(null, [method]),
            { Kind: CodestreamKind.JpegLossless } when IsScanLossy(codestream, hasTolerance: false) => new(null, [method]),
            _ => null,
        };
    }

    /// <summary>PS3.3 C.7.6.1.1.5.1.</summary>
    private static string? Method(string transferSyntaxUid) => transferSyntaxUid switch
    {
        "1.2.840.10008.1.2.4.57" or "1.2.840.10008.1.2.4.70" => "ISO_10918_1",
        "1.2.840.10008.1.2.4.80" => "ISO_14495_1",
        "1.2.840.10008.1.2.4.90" => "ISO_15444_1",
        "1.2.840.10008.1.2.4.201" or "1.2.840.10008.1.2.4.202" => "ISO_15444_15",
        _ => null,
    };

    /// <summary>NEAR (T.87 C.2.3), or low bits that were cut off (point transform).</summary>
    private static bool IsScanLossy(ReadOnlySpan<byte> bytes, bool hasTolerance)
    {
        for (var position = 2; position + 4 <= bytes.Length && bytes[position] == Marker;)
        {
            if (bytes[position + 1] == Marker)
            {
                position++;
                continue;
            }

            var length = BinaryPrimitives.ReadUInt16BigEndian(bytes[(position + 2)..]);
            if (length < 2 || length > bytes.Length - position - 2)
                return false;

            var segment = bytes.Slice(position + 4, length - 2);
            if (bytes[position + 1] != StartOfScan)
            {
                position += 2 + length;
                continue;
            }

            var rest = segment.IsEmpty ? 0 : 1 + 2 * segment[0];
            return segment.Length >= rest + 3 && ((hasTolerance && segment[rest] > 0) || (segment[rest + 2] & 0x0F) > 0);
        }

        return false;
    }
}
