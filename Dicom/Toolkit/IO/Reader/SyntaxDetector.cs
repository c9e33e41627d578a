using System.Buffers.Binary;
using System.Text;

namespace FellowOakDicom.IO.Reader;

/// <summary>Tells from its first element how a data set is laid out: where nothing says it, or where what is said cannot be.</summary>
internal static class SyntaxDetector
{
    private const int HeaderLength = 8;

    /// <summary>Data sets begin in one of the groups up to this one, and the other byte order makes a far larger number of it.</summary>
    private const ushort LastFirstGroup = 0x0020;

    /// <summary>One of the three uncompressed syntaxes; null for anything that does not start with an element of the dictionary.</summary>
    internal static DicomTransferSyntax? Detect(ByteSource source)
    {
        var header = source.Peek(HeaderLength);
        if (header.Length < HeaderLength)
        {
            return null;
        }

        var little = new DicomTag(BinaryPrimitives.ReadUInt16LittleEndian(header), BinaryPrimitives.ReadUInt16LittleEndian(header[2..]));
        var big = new DicomTag(BinaryPrimitives.ReadUInt16BigEndian(header), BinaryPrimitives.ReadUInt16BigEndian(header[2..]));
        var hasVr = DicomVR.TryParse(Encoding.ASCII.GetString(header.Slice(4, 2)), out var vr);
        if (IsFirst(little))
        {
            return hasVr && Fits(little, vr!) ? DicomTransferSyntax.ExplicitVRLittleEndian
                : BinaryPrimitives.ReadUInt32LittleEndian(header[4..]) <= source.End - source.Position - HeaderLength
                    ? DicomTransferSyntax.ImplicitVRLittleEndian : null;
        }

        return IsFirst(big) && hasVr && Fits(big, vr!) ? DicomTransferSyntax.ExplicitVRBigEndian : null;
    }

    private static bool IsFirst(DicomTag tag) =>
        tag.Group is > 0x0002 and <= LastFirstGroup && (tag.Group & 1) == 0
        && (tag.Element == 0 || tag.DictionaryEntry != DicomDictionary.UnknownTag);

    private static bool Fits(DicomTag tag, DicomVR vr) =>
        tag.Element == 0 || vr == DicomVR.UN || Array.IndexOf(tag.DictionaryEntry.ValueRepresentations, vr) >= 0;
}
