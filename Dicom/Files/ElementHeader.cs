using System.Buffers.Binary;

namespace HSENet.Dicom.Files;

/// <summary>Tag, VR and length of one element or item (PS3.5 7.1). The VR is the two letters as a number, 0 where none is written.</summary>
internal readonly record struct ElementHeader(uint Tag, ushort Vr, uint Length, int Size)
{
    public const uint Undefined = 0xFFFFFFFF;
    public const uint Item = 0xFFFEE000;
    public const uint ItemDelimiter = 0xFFFEE00D;
    public const uint SequenceDelimiter = 0xFFFEE0DD;
    public const uint PixelData = 0x7FE00010;

    public const ushort Sq = 'S' << 8 | 'Q';
    public const ushort Un = 'U' << 8 | 'N';

    public bool IsUndefined => Length == Undefined;

    public bool IsPixelData => Tag is PixelData or 0x7FE00008 or 0x7FE00009;

    public bool IsDelimiter => Tag is ItemDelimiter or SequenceDelimiter;

    /// <summary>May have items of bytes: the VRs of PS3.5 A.4 and what vendors write there.</summary>
    public bool HoldsFragments => IsPixelData || (Vr >> 8 == 'O' && (char)(Vr & 0xFF) is ('B' or 'D' or 'F' or 'L' or 'V' or 'W'));

    /// <summary>
    /// Reads the header at the reader's position without moving. False when the bytes up to <paramref name="limit"/> are too few.
    /// <paramref name="isKnownVr"/> is false when the two bytes are no VR of the standard.
    /// </summary>
    public static bool TryRead(ScanReader reader, DataSetEncoding encoding, long limit, out ElementHeader header, out bool isKnownVr)
    {
        header = default;
        isKnownVr = true;
        if (limit - reader.Position < 8 || !reader.TryPeek(8, out var bytes))
            return false;
        var tag = encoding.ReadTag(bytes);
        if (!encoding.IsExplicit || tag >> 16 == 0xFFFE)
        {
            header = new ElementHeader(tag, 0, encoding.ReadUInt32(bytes[4..]), 8);
            return true;
        }

        var vr = BinaryPrimitives.ReadUInt16BigEndian(bytes[4..]);
        var shortLength = encoding.ReadUInt16(bytes[6..]);
        isKnownVr = IsShort(vr) || IsLong(vr);
        // a VR that is not in the standard yet has the long form (PS3.5 7.1.2); damaged ones were mostly short
        if (IsShort(vr) || (!isKnownVr && (shortLength != 0 || !IsLetters(vr))))
        {
            header = new ElementHeader(tag, vr, shortLength, 8);
            return true;
        }

        if (limit - reader.Position < 12 || !reader.TryPeek(12, out bytes))
            return false;
        header = new ElementHeader(tag, vr, encoding.ReadUInt32(bytes[8..]), 12);
        return true;
    }

    /// <summary>Whether the two bytes can stand where a VR stands: letters, or one of the blanks that real files have.</summary>
    public static bool IsPlausibleVr(ushort vr) => IsLetters(vr) || vr is 0 or 0x2020 or 0x3F3F;

    public override string ToString() => $"({Tag >> 16:X4},{Tag & 0xFFFF:X4})";

    private static bool IsLetters(ushort vr) => (vr >> 8) is >= 'A' and <= 'Z' && (vr & 0xFF) is >= 'A' and <= 'Z';

    private static bool IsLong(ushort vr) => (char)(vr >> 8) switch
    {
        'O' => (char)(vr & 0xFF) is 'B' or 'D' or 'F' or 'L' or 'V' or 'W',
        'S' => (char)(vr & 0xFF) is 'Q' or 'V',
        'U' => (char)(vr & 0xFF) is 'C' or 'N' or 'R' or 'T' or 'V',
        _ => false,
    };

    private static bool IsShort(ushort vr) => (char)(vr >> 8) switch
    {
        'A' => (char)(vr & 0xFF) is 'E' or 'S' or 'T',
        'C' => (char)(vr & 0xFF) is 'S',
        'D' => (char)(vr & 0xFF) is 'A' or 'S' or 'T',
        'F' => (char)(vr & 0xFF) is 'D' or 'L',
        'I' => (char)(vr & 0xFF) is 'S',
        'L' => (char)(vr & 0xFF) is 'O' or 'T',
        'P' => (char)(vr & 0xFF) is 'N',
        'S' => (char)(vr & 0xFF) is 'H' or 'L' or 'S' or 'T',
        'T' => (char)(vr & 0xFF) is 'M',
        'U' => (char)(vr & 0xFF) is 'I' or 'L' or 'S',
        _ => false,
    };
}
