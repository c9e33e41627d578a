using System.Buffers.Binary;
using HSENet.Dicom.Decoder;
using HSENet.Dicom.Series;
using HSENet.TestKit;

namespace HSENet.Dicom.Tests.Codecs.Native;

/// <summary>A JPEG 2000 or HTJ2K codestream of which a piece is missing or zeroed is refused: the library alone makes an image of most of them.</summary>
public sealed class DamagedJpeg2000Tests(SystemPool pool) : IClassFixture<SystemPool>
{
    private const int Side = 384;
    private const int Piece = 4096;

    private static readonly PixelFormat s_format = new(Side, Side, 1, 16, 12, 11, false, "MONOCHROME2");

    public static TheoryData<string> Encodings =>
        new("", "-I -r 6", "-r 20,10,4,1", "-t 128,128", "-p RPCL -TP R", "-c [128,128],[64,64] -p PCRL", "-SOP -EPH -b 32,32", "-M 1", "-M 4", "-M 8", "-I -t 96,96 -r 3", "htj2k");

    [Theory]
    [MemberData(nameof(Encodings))]
    public async Task Sound_ones_are_read(string encoding)
    {
        foreach (var pattern in CodedImage.Patterns)
            Assert.Null(Read(await EncodeAsync(encoding, pattern)));
    }

    [Theory]
    [MemberData(nameof(Encodings))]
    public async Task A_zeroed_piece_is_damage(string encoding)
    {
        var codestream = await EncodeAsync(encoding, "body");
        var first = codestream.AsSpan().IndexOf([(byte)0xFF, (byte)0x93]) + 2;
        for (var at = first; at + Piece < codestream.Length - 2; at += 2 * Piece + 77)
        {
            var damaged = codestream.ToArray();
            damaged.AsSpan(at, Piece).Clear();
            Assert.True(Read(damaged) is not null, $"{Piece} zeros at {at} of {codestream.Length} bytes were read");
        }
    }

    [Theory]
    [MemberData(nameof(Encodings))]
    public async Task A_cut_is_damage(string encoding)
    {
        var codestream = await EncodeAsync(encoding, "body");
        for (var length = codestream.Length - 1; length > 0; length -= 4999)
            Assert.NotNull(Read(codestream[..length]));
    }

    [Theory]
    [InlineData("-t 128,128")]
    [InlineData("-t 96,96 -p RPCL -TP R")]
    [InlineData("-p RPCL -TP R")]
    public async Task A_missing_a_doubled_and_a_moved_tile_part_are_damage(string encoding)
    {
        var codestream = await EncodeAsync(encoding, "body");
        var parts = Parts(codestream);
        Assert.InRange(parts.Count, 4, 200);
        var header = codestream[..parts[0].Start];
        var bodies = parts.Select(p => codestream[p.Start..(p.Start + p.Length)]).ToList();
        byte[] Join(IEnumerable<byte[]> pieces) => [.. header, .. pieces.SelectMany(p => p), 0xFF, 0xD9];

        Assert.Null(Read(Join(bodies)));
        for (var i = 0; i < bodies.Count; i += 3)
        {
            Assert.StartsWith("codec.damaged: ", Read(Join([.. bodies[..i], .. bodies[(i + 1)..]])), StringComparison.Ordinal);
            Assert.StartsWith("codec.damaged: ", Read(Join([.. bodies[..i], bodies[i], .. bodies[i..]])), StringComparison.Ordinal);
        }

        Assert.Equal(encoding.Contains("-TP", StringComparison.Ordinal), Read(Join(bodies.AsEnumerable().Reverse())) is not null);
    }

    /// <summary>Bits flipped within a code-block: seen where the arithmetic decoder leaves the data's end. Raw bits and HTJ2K have no such end.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("-I -r 6")]
    [InlineData("-t 128,128")]
    public async Task Other_bytes_are_damage_nearly_always(string encoding)
    {
        var codestream = await EncodeAsync(encoding, "body");
        var random = new Random(15);
        var first = codestream.AsSpan().IndexOf([(byte)0xFF, (byte)0x93]) + 2;
        var (refused, tried) = (0, 40);
        for (var i = 0; i < tried; i++)
        {
            var damaged = codestream.ToArray();
            random.NextBytes(damaged.AsSpan(random.Next(first, codestream.Length - 66), 64));
            refused += Read(damaged) is null ? 0 : 1;
        }

        Assert.InRange(refused, tried * 9 / 10, tried);
    }

    private string? Read(byte[] codestream)
    {
        var image = new CodedImage(16, 12, false, "constant", Side, Side);
        var syntax = "1.2.840.10008.1.2.4.91";
        return pool.Decoder(Codec.Jpeg2000).Decode(image.Encapsulated(syntax, codestream), s_format, new byte[s_format.FrameBytes]);
    }

    private static List<(int Start, int Length)> Parts(byte[] codestream)
    {
        var parts = new List<(int Start, int Length)>();
        var start = codestream.AsSpan().IndexOf([(byte)0xFF, (byte)0x90, (byte)0, (byte)10]);
        while (codestream[start + 1] == 0x90)
        {
            parts.Add((start, (int)BinaryPrimitives.ReadUInt32BigEndian(codestream.AsSpan(start + 6))));
            start += parts[^1].Length;
        }

        return parts;
    }

    private static async Task<byte[]> EncodeAsync(string encoding, string pattern)
    {
        using var folder = new TempFolder("j2k");
        var image = new CodedImage(16, 12, false, pattern, Side, Side);
        var (path, isHt) = (folder.Path(encoding == "htj2k" ? "c.j2c" : "c.j2k"), encoding == "htj2k");
        var raw = folder.Path(isHt ? "image.pgm" : "image.rawl");
        await File.WriteAllBytesAsync(raw, isHt ? Pgm(image.Pixels) : image.Pixels);
        var result = isHt
            ? await Dcmtk.RunAsync("ojph_compress", "-i", raw, "-o", path, "-reversible", "true")
            : await Dcmtk.RunAsync(
                "opj_compress", ["-i", raw, "-o", path, "-F", $"{Side},{Side},1,12,u", .. encoding.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        Assert.True(result.ExitCode == 0, result.Error);
        return await File.ReadAllBytesAsync(path);
    }

    private static byte[] Pgm(byte[] pixels)
    {
        var samples = pixels.ToArray();
        for (var i = 0; i < samples.Length; i += 2)
            (samples[i], samples[i + 1]) = (samples[i + 1], samples[i]);
        return [.. "P5\n384 384\n4095\n"u8, .. samples];
    }
}
