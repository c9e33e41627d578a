using System.Security.Cryptography;
using System.Text;
using HSENet.Dicom.Files;

namespace HSENet.Dicom.Identity;

/// <summary>Hashes the pixels: values little endian where they are native, else the fragments without their offset table (PS3.5 A.4).</summary>
internal sealed class PixelMeaning(ScanReader reader, string transferSyntaxUid) : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>The reader stands at the value and leaves it behind.</summary>
    public bool TryTake(DataSetEncoding encoding, ElementHeader header, long limit)
    {
        // one attribute of pixels is written as no tag at all: an image has no more
        if (header.Tag != ElementHeader.PixelData)
            _hash.AppendData(Encoding.ASCII.GetBytes($"{header.Tag:X8}"));
        if (header.IsUndefined)
            return TryFragments(encoding, limit);
        LittleEndianBytes.Read(reader, header.Length, LittleEndianBytes.Width(encoding, header.Vr), piece => _hash.AppendData(piece));
        return true;
    }

    public byte[] Digest() => _hash.GetHashAndReset();

    public void Dispose() => _hash.Dispose();

    private bool TryFragments(DataSetEncoding encoding, long limit)
    {
        _hash.AppendData(Encoding.ASCII.GetBytes(transferSyntaxUid));
        for (var isOffsetTable = true; ElementHeader.TryRead(reader, encoding, limit, out var header, out _); isOffsetTable = false)
        {
            reader.Skip(header.Size);
            if (header.Tag == ElementHeader.SequenceDelimiter)
                return true;
            if (header.Tag != ElementHeader.Item || header.Length > limit - reader.Position)
                return false;
            if (isOffsetTable)
                reader.Skip(header.Length);
            else
                LittleEndianBytes.Read(reader, header.Length, width: 1, piece => _hash.AppendData(piece));
        }

        return false;
    }
}
