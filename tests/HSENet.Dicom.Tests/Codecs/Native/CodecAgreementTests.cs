using System.Globalization;
using HSENet.Dicom.Decoder;
using HSENet.Dicom.Series;
using HSENet.TestKit;

namespace HSENet.Dicom.Tests.Codecs.Native;

/// <summary>
/// Generated matrices with the extremes of each format, compressed by others: lossless is bit for bit, lossy is what a second decoder says.
/// </summary>
public sealed class CodecAgreementTests(SystemPool pool) : IClassFixture<SystemPool>
{
    private const int Rows = 61;
    private const int Columns = 83;

    public static TheoryData<int, int, bool> Formats => new()
    {
        { 8, 8, false },
        { 16, 8, false },
        { 16, 12, false },
        { 16, 12, true },
        { 16, 16, false },
        { 16, 16, true },
    };

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task Lossless_JPEG_LS_of_DCMTK_is_bit_for_bit(int allocated, int stored, bool isSigned)
    {
        using var folder = new TempFolder("codec");
        var (raw, values) = Write(folder, allocated, stored, isSigned);
        var path = folder.Path("jls.dcm");
        Assert.Equal(0, (await Dcmtk.RunAsync("dcmcjpls", "+el", raw, path)).ExitCode);
        Same(values, path);
    }

    [Theory]
    [InlineData(8, 8)]
    [InlineData(16, 12)]
    [InlineData(16, 16)]
    public async Task Near_lossless_JPEG_LS_is_what_DCMTK_decodes(int allocated, int stored)
    {
        using var folder = new TempFolder("codec");
        var (raw, values) = Write(folder, allocated, stored, isSigned: false);
        var (path, back) = (folder.Path("jls.dcm"), folder.Path("back.dcm"));
        Assert.Equal(0, (await Dcmtk.RunAsync("dcmcjpls", "+en", "+md", "2", raw, path)).ExitCode);
        Assert.Equal(0, (await Dcmtk.RunAsync("dcmdjpls", path, back)).ExitCode);
        var decoded = Same(StoredValues.Of(back), path);
        Assert.Equal(2, decoded.Zip(values, (a, b) => Math.Abs(a - b)).Max());
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task Lossless_JPEG_LS_and_JPEG_2000_of_GDCM_are_bit_for_bit(int allocated, int stored, bool isSigned)
    {
        using var folder = new TempFolder("codec");
        var (raw, values) = Write(folder, allocated, stored, isSigned);
        foreach (var kind in (string[])["--j2k", "--jpegls"])
        {
            var path = folder.Path(kind + ".dcm");
            Assert.Equal(0, (await Dcmtk.RunAsync("gdcmconv", kind, raw, path)).ExitCode);
            Same(values, path);
        }
    }

    [Theory]
    [InlineData(8, false)]
    [InlineData(12, false)]
    [InlineData(12, true)]
    [InlineData(16, false)]
    [InlineData(16, true)]
    public async Task Codestreams_of_OpenJPEG_s_own_encoder_are_bit_for_bit_or_what_its_program_decodes(int stored, bool isSigned)
    {
        using var folder = new TempFolder("codec");
        var values = Matrix(stored, isSigned);
        var raw = RawFile(folder, values, stored);
        var geometry = $"{Columns},{Rows},1,{stored},{(isSigned ? "s" : "u")}";
        foreach (var options in (string[][])[[], ["-p", "RPCL", "-n", "3", "-b", "32,32"], ["-t", "32,32"], ["-I", "-r", "4"]])
        {
            var (path, back) = (folder.Path("c.j2k"), folder.Path("back.rawl"));
            Assert.Equal(0, (await Dcmtk.RunAsync("opj_compress", ["-i", raw, "-o", path, "-F", geometry, .. options])).ExitCode);
            var expected = values;
            if (options.Contains("-r"))
            {
                Assert.Equal(0, (await Dcmtk.RunAsync("opj_decompress", "-i", path, "-o", back)).ExitCode);
                expected = FromRaw(File.ReadAllBytes(back), stored, isSigned);
            }

            Assert.Null(StoredValues.Difference(expected, Decode(await File.ReadAllBytesAsync(path), stored, isSigned)));
        }
    }

    [Theory]
    [InlineData(8, "true")]
    [InlineData(12, "true")]
    [InlineData(16, "true")]
    [InlineData(12, "false")]
    public async Task HTJ2K_of_OpenJPH_is_bit_for_bit_or_what_it_decodes_itself(int stored, string reversible)
    {
        using var folder = new TempFolder("codec");
        var values = Matrix(stored, isSigned: false);
        var (image, back) = (folder.Path("image.pgm"), folder.Path("back.pgm"));
        await File.WriteAllBytesAsync(image, Pgm(values, stored));
        foreach (var order in (string[])["LRCP", "RPCL"])
        {
            var path = folder.Path("c.j2c");
            string[] quality = reversible == "true" ? [] : ["-qstep", "0.002"];
            var tool = await Dcmtk.RunAsync("ojph_compress", ["-i", image, "-o", path, "-reversible", reversible, "-prog_order", order, .. quality]);
            Assert.Equal(0, tool.ExitCode);
            var decoded = Decode(await File.ReadAllBytesAsync(path), stored, isSigned: false);
            if (reversible == "true")
            {
                Assert.Null(StoredValues.Difference(values, decoded));
                continue;
            }

            // floating point wavelets of two libraries round in their own way
            Assert.Equal(0, (await Dcmtk.RunAsync("ojph_expand", "-i", path, "-o", back)).ExitCode);
            var other = FromPgm(await File.ReadAllBytesAsync(back), stored);
            Assert.InRange(other.Zip(decoded, (a, b) => Math.Abs(a - b)).Max(), 0, 1);
            Assert.NotNull(StoredValues.Difference(values, decoded));
        }
    }

    private int[] Same(int[] expected, string path)
    {
        var (values, problem) = pool.Read(path);
        Assert.Null(problem);
        Assert.Null(StoredValues.Difference(expected, values!));
        return values!;
    }

    private int[] Decode(byte[] codestream, int stored, bool isSigned)
    {
        _ = pool.Decoder(Codec.Jpeg2000);
        var format = new PixelFormat(Rows, Columns, 1, 16, stored, stored - 1, isSigned, "MONOCHROME2");
        var frame = new byte[format.FrameBytes];
        Assert.Null(pool.Pool.Decode(Codec.Jpeg2000, format, codestream, frame));
        return StoredValues.Of(frame, format);
    }

    /// <summary>A slope, noise, edges, and both extremes side by side.</summary>
    private static int[] Matrix(int stored, bool isSigned)
    {
        var random = new Random(stored);
        var (low, high) = isSigned ? (-(1 << (stored - 1)), (1 << (stored - 1)) - 1) : (0, (1 << stored) - 1);
        var values = new int[Rows * Columns];
        for (var i = 0; i < values.Length; i++)
        {
            var (row, column) = (i / Columns, i % Columns);
            values[i] = row switch
            {
                < 16 => low + (int)((long)(high - low) * column / (Columns - 1)),
                < 32 => random.Next(low, high + 1),
                < 40 => (row + column) % 2 == 0 ? low : high,
                < 48 => column < Columns / 2 ? low : high,
                _ => Math.Clamp((low + high) / 2 + random.Next(-3, 4), low, high),
            };
        }

        return values;
    }

    private static (string Path, int[] Values) Write(TempFolder folder, int allocated, int stored, bool isSigned)
    {
        var values = Matrix(stored, isSigned);
        var series = new CtSeriesBuilder
        {
            SliceCount = 1, Rows = Rows, Columns = Columns, BitsAllocated = allocated, BitsStored = stored, IsSigned = isSigned,
            EditPixels = (_, pixels) => Bytes(values, allocated, stored, pixels.Length),
        };
        return (series.Write(folder.Folder("raw"))[0], values);
    }

    private static byte[] Bytes(int[] values, int allocated, int stored, int length)
    {
        var bytes = new byte[length];
        var mask = (1 << stored) - 1;
        for (var i = 0; i < values.Length; i++)
        {
            if (allocated == 8)
                bytes[i] = (byte)values[i];
            else
                BitConverter.TryWriteBytes(bytes.AsSpan(2 * i), (ushort)(values[i] & mask));
        }

        return bytes;
    }

    /// <summary>Little endian samples of one or two bytes, sign extended.</summary>
    private static string RawFile(TempFolder folder, int[] values, int stored)
    {
        var path = folder.Path("image.rawl");
        File.WriteAllBytes(path, [.. values.SelectMany(v => stored > 8 ? BitConverter.GetBytes((short)v) : new[] { (byte)v })]);
        return path;
    }

    private static int[] FromRaw(byte[] bytes, int stored, bool isSigned) =>
    [
        .. Enumerable.Range(0, Rows * Columns).Select(i => stored <= 8 ? (int)bytes[i]
            : isSigned ? BitConverter.ToInt16(bytes, 2 * i) << (32 - stored) >> (32 - stored) : BitConverter.ToUInt16(bytes, 2 * i)),
    ];

    private static byte[] Pgm(int[] values, int stored)
    {
        var header = string.Create(CultureInfo.InvariantCulture, $"P5\n{Columns} {Rows}\n{(1 << stored) - 1}\n");
        return [.. header.Select(c => (byte)c),
            .. values.SelectMany(v => stored > 8 ? new[] { (byte)(v >> 8), (byte)v } : new[] { (byte)v })];
    }

    private static int[] FromPgm(byte[] bytes, int stored)
    {
        var width = stored > 8 ? 2 : 1;
        var start = bytes.Length - width * Rows * Columns;
        return [.. Enumerable.Range(0, Rows * Columns)
            .Select(i => width == 1 ? bytes[start + i] : (bytes[start + 2 * i] << 8) | bytes[start + 2 * i + 1])];
    }
}
