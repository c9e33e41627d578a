using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using FellowOakDicom;
using HSENet.Dicom.Codecs;
using HSENet.Dicom.Codecs.Native;
using HSENet.Dicom.Decoder;
using HSENet.Dicom.Decoder.Libraries;
using HSENet.Dicom.Series;
using HSENet.TestKit;

namespace HSENet.Benchmarks.Decoding;

/// <summary>
/// Frames per second through a decoder process beside the same library's calls in this process, in turns, on one real slice of 512 x 512;
/// library time, not the start of processes. The ratio is what the process costs, whatever the machine.
/// </summary>
internal static class DecodingBenchmark
{
    private const double Floor = 0.7;
    private const string Slice = "data/transfer-syntaxes/ctimage_1.2.840.10008.1.2.1_explicit-le.dcm";

    /// <returns>0, or 1 when a ratio is below the floor.</returns>
    public static async Task<int> RunAsync(int frames, int rounds, string jsonFile)
    {
        using var folder = new TempFolder("decoding");
        using var pool = new DecoderPool(new DecoderLimits(), TimeProvider.System);
        var results = new List<object>();
        var isBelow = false;
        foreach (var (name, codec, frame, format) in await FramesAsync(folder))
        {
            var (alone, through) = (new List<double>(), new List<double>());
            for (var round = 0; round <= rounds; round++)
            {
                var (a, b) = (Rate(frames, () => Alone(codec, format, frame)), Rate(frames, () => Through(pool, codec, format, frame)));
                if (round > 0)      // the first one warms up
                {
                    alone.Add(a);
                    through.Add(b);
                }
            }

            var ratio = Median(alone.Zip(through, (a, b) => b / a));
            isBelow |= ratio < Floor;
            results.Add(new
            {
                name, bytes = frame.Length, library_per_second = Median(alone), process_per_second = Median(through), ratio,
            });
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {name} | {frame.Length} | {Median(alone):0} | {Median(through):0} | {ratio:0.00} |"));
        }

        Directory.CreateDirectory(Path.GetDirectoryName(jsonFile)!);
        await File.WriteAllTextAsync(jsonFile, JsonSerializer.Serialize(results));
        return isBelow ? 1 : 0;
    }

    private static async Task<List<(string Name, Codec Codec, byte[] Codestream, PixelFormat Format)>> FramesAsync(TempFolder folder)
    {
        var frames = new List<(string, Codec, byte[], PixelFormat)>();
        var source = SharedData.Path(Slice);
        foreach (var (name, option, codec) in ((string, string, Codec)[])
            [("JPEG-LS", "--jpegls", Codec.JpegLs), ("JPEG 2000", "--j2k", Codec.Jpeg2000)])
        {
            var path = folder.Path(option + ".dcm");
            await ToolAsync("gdcmconv", option, source, path);
            var (data, pixels) = Read(path);
            frames.Add((name, codec, EncapsulatedFrame.Join(data).Codestream.ToArray(), pixels));
        }

        var (dataSet, format) = Read(source);
        var raw = new byte[format.FrameBytes];
        if (new NativeFrameDecoder().Decode(dataSet, format, raw) is { } problem)
            throw new InvalidOperationException(problem);

        // unsigned, most significant byte first: a portable gray map
        var samples = Enumerable.Range(0, raw.Length / 2).Select(i => (ushort)(BitConverter.ToInt16(raw, 2 * i) + 32768));
        var (image, coded) = (folder.Path("image.pgm"), folder.Path("image.j2c"));
        await File.WriteAllBytesAsync(
            image,
            [.. $"P5\n{format.Columns} {format.Rows}\n65535\n".Select(c => (byte)c), .. samples.SelectMany(s => new[] { (byte)(s >> 8), (byte)s })]);
        await ToolAsync("ojph_compress", "-i", image, "-o", coded, "-reversible", "true");
        var plain = format with { IsSigned = false, BitsStored = 16, HighBit = 15 };
        frames.Add(("HTJ2K", Codec.Jpeg2000, await File.ReadAllBytesAsync(coded), plain));
        return frames;
    }

    private static (DicomDataset DataSet, PixelFormat Format) Read(string path)
    {
        var (slice, refusal) = CtSliceReader.ReadHeader(path, "file");
        var (dataSet, problem) = slice is null ? (null, refusal!.Detail) : CtSliceReader.Open(path, slice.Header, FileReadOption.ReadAll);
        return (dataSet ?? throw new InvalidOperationException(problem), slice!.Pixels!.Value);
    }

    private static async Task ToolAsync(string tool, params string[] arguments)
    {
        var result = await Dcmtk.RunAsync(tool, arguments);
        if (result.ExitCode != 0)
            throw new InvalidOperationException($"{tool} ended with {result.ExitCode}: {result.Error}");
    }

    private static unsafe void Alone(Codec codec, PixelFormat format, byte[] codestream)
    {
        var frame = new byte[format.FrameBytes];
        fixed (byte* source = codestream, target = frame)
        {
            var request = new DecodeRequest(
                1, codec, format.Rows, format.Columns, format.BitsAllocated, format.BitsStored, format.IsSigned, codestream.Length, 10);
            var status = codec == Codec.JpegLs ? CharLs.Decode(request, source, target, out _) : OpenJpeg.Decode(request, source, target, out _);
            if (status != DecodeStatus.Done)
                throw new InvalidOperationException($"{codec}: {status}");
        }
    }

    private static void Through(DecoderPool pool, Codec codec, PixelFormat format, byte[] codestream)
    {
        if (pool.Decode(codec, format, codestream, new byte[format.FrameBytes]) is { } problem)
            throw new InvalidOperationException(problem);
    }

    private static double Rate(int frames, Action decode)
    {
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < frames; i++)
            decode();
        return frames / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }
}
