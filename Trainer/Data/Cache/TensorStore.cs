using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using HSENet.Model.Weights;

namespace HSENet.Trainer.Data.Cache;

/// <summary>
/// Arrays on disk by key. A file appears whole (written beside, flushed, renamed), carries its own key and a SHA-256 of all that stands before it,
/// and is not believed when one of them is wrong. May be used by several threads and processes at once.
/// </summary>
/// <param name="directory">Made if need be.</param>
internal sealed class TensorStore(string directory)
{
    private const int HeaderBytes = 4 + 4 + 32 + 8;   // magic, bytes of a value, key, values
    private const int DigestBytes = 32;

    private static ReadOnlySpan<byte> Magic => "HSc1"u8;

    /// <summary>Whether there is a file of the right length and head; the values are checked when they are read.</summary>
    public bool Looks(byte[] key, int count)
    {
        try
        {
            using var file = File.OpenRead(PathOf(key));
            var head = new byte[HeaderBytes];
            return file.ReadAtLeast(head, HeaderBytes, throwOnEndOfStream: false) == HeaderBytes && SizeIn(head, key, count, file.Length) > 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <returns>Null: not there, or damaged.</returns>
    public float[]? TryRead(byte[] key, int count)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(PathOf(key));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }

        var size = SizeIn(bytes, key, count, bytes.LongLength);
        if (size == 0 || !SHA256.HashData(bytes.AsSpan(0, bytes.Length - DigestBytes)).AsSpan().SequenceEqual(bytes.AsSpan(bytes.Length - DigestBytes)))
        {
            return null;
        }

        var payload = bytes.AsSpan(HeaderBytes, count * size);
        return size == sizeof(float) ? MemoryMarshal.Cast<byte, float>(payload).ToArray() : HalfValues.Widen(MemoryMarshal.Cast<byte, Half>(payload));
    }

    /// <param name="key">32 bytes.</param>
    /// <param name="values">What is kept.</param>
    /// <param name="asHalf">In 2 bytes a value.</param>
    public void Write(byte[] key, ReadOnlySpan<float> values, bool asHalf)
    {
        var size = asHalf ? 2 : sizeof(float);
        var bytes = new byte[HeaderBytes + (values.Length * size) + DigestBytes];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), size);
        key.CopyTo(bytes, 8);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(40), values.Length);
        var payload = bytes.AsSpan(HeaderBytes, values.Length * size);
        if (asHalf)
        {
            HalfValues.Narrow(values, MemoryMarshal.Cast<byte, Half>(payload));
        }
        else
        {
            MemoryMarshal.AsBytes(values).CopyTo(payload);
        }

        SHA256.HashData(bytes.AsSpan(0, bytes.Length - DigestBytes), bytes.AsSpan(bytes.Length - DigestBytes));
        var path = PathOf(key);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var part = $"{path}.{Path.GetRandomFileName()}.part";
        try
        {
            using (var file = new FileStream(part, FileMode.CreateNew, FileAccess.Write, FileShare.None, 0))
            {
                file.Write(bytes);
                DiskSync.Flush(file);
            }

            File.Move(part, path, overwrite: true);
        }
        catch
        {
            File.Delete(part);
            throw;
        }
    }

    public string PathOf(byte[] key)
    {
        var name = Convert.ToHexStringLower(key);
        return Path.Combine(directory, name[..2], name + ".hsc");
    }

    /// <returns>Bytes of a value; 0: not this key's file, or not whole.</returns>
    private static int SizeIn(ReadOnlySpan<byte> head, byte[] key, int count, long length)
    {
        if (length < HeaderBytes + DigestBytes || !head[..4].SequenceEqual(Magic) || !head[8..40].SequenceEqual(key))
        {
            return 0;
        }

        var size = BinaryPrimitives.ReadInt32LittleEndian(head[4..]);
        return size is 2 or sizeof(float) && BinaryPrimitives.ReadInt64LittleEndian(head[40..]) == count
            && length == HeaderBytes + ((long)count * size) + DigestBytes ? size : 0;
    }
}
