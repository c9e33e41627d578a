using System.Buffers.Binary;
using System.IO.Compression;

namespace HSENet.Trainer.Evaluation.Pages;

/// <summary>Small pictures as PNG (W3C PNG, third edition) for a page that brings everything with it.</summary>
internal static class PngImage
{
    private const byte Gray = 0;
    private const byte Rgba = 6;
    private const byte BitDepth = 8;

    private static readonly uint[] s_crc = [.. Enumerable.Range(0, 256).Select(n => Enumerable.Range(0, 8).Aggregate((uint)n, (c, _) => (c & 1) != 0 ? 0xEDB88320 ^ (c >> 1) : c >> 1))];

    /// <param name="pixels">Row-major, one byte (grey) or four (red, green, blue, opacity) for each pixel.</param>
    /// <param name="width">Pixels.</param>
    /// <param name="height">Pixels.</param>
    /// <returns>For the <c>src</c> of an image.</returns>
    public static string DataUri(byte[] pixels, int width, int height)
    {
        var channels = pixels.Length / (width * height);
        using var png = new MemoryStream();
        png.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);
        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], height);
        header[8] = BitDepth;
        header[9] = channels == 1 ? Gray : Rgba;
        Chunk(png, "IHDR"u8, header);
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            for (var row = 0; row < height; row++)
            {
                zlib.WriteByte(0);   // no filter
                zlib.Write(pixels, row * width * channels, width * channels);
            }
        }

        Chunk(png, "IDAT"u8, packed.ToArray());
        Chunk(png, "IEND"u8, []);
        return "data:image/png;base64," + Convert.ToBase64String(png.ToArray());
    }

    private static void Chunk(MemoryStream png, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        png.Write(number);
        png.Write(type);
        png.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, ~Crc(data, Crc(type, uint.MaxValue)));
        png.Write(number);
    }

    private static uint Crc(ReadOnlySpan<byte> bytes, uint crc)
    {
        foreach (var value in bytes)
        {
            crc = s_crc[(crc ^ value) & 0xFF] ^ (crc >> 8);
        }

        return crc;
    }
}
