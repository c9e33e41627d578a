using System.Security.Cryptography;
using System.Text;
using HSENet.Dicom.Files;

namespace HSENet.Dicom.Identity;

/// <summary>Hands single values to the sink: text normalised and in UTF-8, numbers little endian, long values as their digest.</summary>
internal sealed class MeaningValues(ScanReader reader, MeaningSink sink) : IDisposable
{
    /// <summary>Longer values are not held: their bytes are hashed.</summary>
    private const int LongestText = 8 << 10;

    private readonly IncrementalHash _long = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _value = new byte[LongestText];

    /// <summary>The reader stands at the value and leaves it behind.</summary>
    public bool TryTake(DataSetEncoding encoding, ElementHeader header, ValueKind kind, CharacterSet characterSet)
    {
        if (header.Length == 0)
        {
            TakeEmpty();
            return true;
        }

        if (header.Length > LongestText)
        {
            LittleEndianBytes.Read(reader, header.Length, LittleEndianBytes.Width(encoding, header.Vr), piece => _long.AppendData(piece));
            Take((byte)'L', _long.GetHashAndReset());
            return true;
        }

        if (!reader.TryPeek((int)header.Length, out var bytes))
            return false;
        var value = _value.AsSpan(0, bytes.Length);
        bytes.CopyTo(value);
        reader.Skip(header.Length);
        if (kind is ValueKind.Unknown or ValueKind.Binary or ValueKind.Sequence)
        {
            LittleEndianBytes.Swap(value, LittleEndianBytes.Width(encoding, header.Vr));
            Take((byte)'B', value);
        }
        else
        {
            TakeText(kind, value, characterSet);
        }

        return true;
    }

    public void TakeEmpty() => sink.Append((byte)'E');

    /// <summary>A value of fragments that is not the instance's own pixels, as of an icon; the reader stands at the first.</summary>
    public bool TryFragments(DataSetEncoding encoding, long limit)
    {
        while (ElementHeader.TryRead(reader, encoding, limit, out var header, out _))
        {
            reader.Skip(header.Size);
            if (header.Tag == ElementHeader.SequenceDelimiter)
            {
                Take((byte)'F', _long.GetHashAndReset());
                return true;
            }

            if (header.Tag != ElementHeader.Item || header.Length > limit - reader.Position)
                break;
            LittleEndianBytes.Read(reader, header.Length, width: 1, piece => _long.AppendData(piece));
        }

        return false;
    }

    public void Dispose() => _long.Dispose();

    private void TakeText(ValueKind kind, ReadOnlySpan<byte> bytes, CharacterSet characterSet)
    {
        if (characterSet.Decode(bytes) is not { } text)
        {
            sink.Append((byte)'?');
            Take((byte)'T', Encoding.Latin1.GetBytes(characterSet.Terms));
            Take((byte)'T', bytes.TrimEnd(" \0"u8));
            return;
        }

        var normal = ValueText.Normalise(kind, text);
        if (normal.Length == 0)
            TakeEmpty();
        else
            Take((byte)'T', Encoding.UTF8.GetBytes(normal));
    }

    private void Take(byte mark, ReadOnlySpan<byte> bytes)
    {
        sink.HasValue();
        sink.Append(mark);
        sink.Append((uint)bytes.Length);
        sink.Append(bytes);
    }
}
