using System.Diagnostics;
using System.Text.Json;
using FellowOakDicom;
using FellowOakDicom.IO.Buffer;
using HSENet.Dicom.Codecs;
using HSENet.Dicom.Series;
using HSENet.TestKit;

namespace HSENet.Benchmarks.Codecs;

/// <summary>
/// Megapixels a second of each decoder beside DCMTK's and GDCM's programs on the same pixels. The programs decode a large frame and a small one: the difference is their
/// library's time, without the start of a process.
/// </summary>
internal static class CodecBenchmark
{
    private const int Side = 512;
    private const int Tiles = 8;
    private const int Rounds = 7;

    private static readonly (string Name, string[] Encode, string[] Dcmtk)[] s_codecs =
    [
        ("jpeg-lossless-sv1", ["dcmcjpeg", "+e1"], ["dcmdjpeg"]),
        ("jpeg-lossless-sv6", ["dcmcjpeg", "+el", "+sv", "6"], ["dcmdjpeg"]),
        ("jpeg-extended-12", ["dcmcjpeg", "+ee"], ["dcmdjpeg"]),
        ("rle", ["dcmcrle"], ["dcmdrle"]),
        ("deflated", ["dcmconv", "+td"], ["dcmconv", "+te"]),
    ];

    public static async Task RunAsync(string jsonFile)
    {
        using var folder = new TempFolder("codecs");
        var results = new List<object>();
        foreach (var (name, encode, dcmtk) in s_codecs)
        {
            var (small, large) = (folder.Path("small.dcm"), folder.Path("large.dcm"));
            await EncodeAsync(folder, encode, small, 1);
            await EncodeAsync(folder, encode, large, Tiles);
            var ours = Rate(small);
            var theirs = await RateAsync(dcmtk, small, large, folder.Path("out.dcm"));
            var gdcm = await RateAsync(["gdcmconv", "--raw"], small, large, folder.Path("out.dcm"));
            Console.WriteLine($"{name,-18} {ours,6:F0} MP/s   {dcmtk[0]} {theirs,6:F0} ({ours / theirs:F2} x)   gdcmconv {gdcm,6:F0} ({ours / gdcm:F2} x)");
            results.Add(new { name, ours, dcmtk = theirs, gdcm });
        }

        Directory.CreateDirectory(Path.GetDirectoryName(jsonFile)!);
        await File.WriteAllTextAsync(jsonFile, JsonSerializer.Serialize(results));
    }

    /// <summary>A chest-like slice with the noise of CT, tiled to the side asked for.</summary>
    private static async Task EncodeAsync(TempFolder folder, string[] encode, string path, int tiles)
    {
        var side = Side * tiles;
        var random = new Random(1);
        var pixels = new byte[side * side * 2];
        for (var i = 0; i < side * side; i++)
        {
            var (x, y) = ((i % side % Side - 256) / 256.0, (i / side % Side - 256) / 256.0);
            var noise = (int)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(Math.Tau * random.NextDouble()) * 15);
            var value = x * x + y * y > 0.9 ? 24 : Math.Abs(Math.Abs(x) - 0.4) < 0.25 && Math.Abs(y) < 0.6 ? 174 + noise : 1064 + noise;
            BitConverter.TryWriteBytes(pixels.AsSpan(2 * i), (ushort)Math.Clamp(value, 0, 4095));
        }

        var builder = new CtSeriesBuilder { Rows = 8, Columns = 8 };
        var dataSet = builder.DataSet(0);
        dataSet.AddOrUpdate(DicomTag.Rows, (ushort)side).AddOrUpdate(DicomTag.Columns, (ushort)side);
        dataSet.AddOrUpdate(new DicomOtherWord(DicomTag.PixelData, new MemoryByteBuffer(pixels)));
        await new DicomFile(dataSet).SaveAsync(folder.Path("raw.dcm"));
        await RunAsync([.. encode, folder.Path("raw.dcm"), path]);
    }

    private static double Rate(string path)
    {
        var slice = CtSliceReader.ReadHeader(path, "file").Slice!;
        var format = slice.Pixels!.Value;
        var frame = new byte[format.FrameBytes];
        var best = double.MaxValue;
        for (var round = 0; round < 20 * Rounds; round++)
        {
            // opening inflates what is deflated; of the others it is no part of decoding
            var isDeflated = slice.Header.TransferSyntaxUid == NativeFrameDecoder.DeflatedLittleEndian;
            var started = Stopwatch.GetTimestamp();
            var dataSet = CtSliceReader.Open(path, slice.Header, FileReadOption.ReadAll).DataSet!;
            if (!isDeflated)
                started = Stopwatch.GetTimestamp();
            if (FrameDecoders.Default.For(slice.Header.TransferSyntaxUid)!.Decode(dataSet, format, frame) is { } problem)
                throw new InvalidOperationException(problem);
            best = Math.Min(best, Stopwatch.GetElapsedTime(started).TotalSeconds);
        }

        return format.Rows * format.Columns / best / 1e6;
    }

    private static async Task<double> RateAsync(string[] decode, string small, string large, string output)
    {
        var (shortest, longest) = (double.MaxValue, double.MaxValue);
        for (var round = 0; round < Rounds; round++)
        {
            shortest = Math.Min(shortest, await RunAsync([.. decode, small, output]));
            longest = Math.Min(longest, await RunAsync([.. decode, large, output]));
        }

        return (double)Side * Side * (Tiles * Tiles - 1) / (longest - shortest) / 1e6;
    }

    private static async Task<double> RunAsync(string[] command)
    {
        var started = Stopwatch.GetTimestamp();
        var result = await Dcmtk.RunAsync(command[0], command[1..]);
        return result.ExitCode == 0 ? Stopwatch.GetElapsedTime(started).TotalSeconds : throw new InvalidOperationException(result.Error);
    }
}
