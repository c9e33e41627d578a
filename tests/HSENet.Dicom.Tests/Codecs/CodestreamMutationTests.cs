using System.Runtime.InteropServices;
using FellowOakDicom;
using HSENet.Dicom.Codecs;
using HSENet.Dicom.Codecs.JpegLossless;
using HSENet.TestKit;

namespace HSENet.Dicom.Tests.Codecs;

/// <summary>Damaged codestreams end in pixels or in a reason, never in an exception, with bounded memory and time.</summary>
public sealed class CodestreamMutationTests
{
    private const int Inputs = 3000;
    private const long MostBytes = 4 << 20;

    [Fact]
    public void JPEG_Lossless()
    {
        var image = new CodedImage(16, 12, false, "body");
        var samples = MemoryMarshal.Cast<byte, ushort>(image.Pixels).ToArray();
        foreach (var encoder in new[] { new LosslessEncoder(53, 61, 12) { RestartLines = 4, Predictor = 6 }, new LosslessEncoder(53, 61, 12) { HasLongCodes = true } })
            Mutate(encoder.Encode(samples), (bytes, frame) => JpegLosslessFrameDecoder.Decode(bytes, image.Format, frame), image.Pixels.Length);
    }

    [Fact]
    public async Task RLE()
    {
        using var folder = new TempFolder("mutations");
        var image = new CodedImage(16, 12, false, "body");
        var codestream = await EncodeAsync(folder, image, "dcmcrle");
        Mutate(codestream, (bytes, frame) => RleFrameDecoder.Decode(bytes, 2, frame), image.Pixels.Length);
    }

    [Theory]
    [InlineData(8, "+eb")]
    [InlineData(12, "+ee")]
    public async Task JPEG_baseline_and_extended(int bits, string option)
    {
        using var folder = new TempFolder("mutations");
        var image = new CodedImage(bits == 8 ? 8 : 16, bits, false, "body");
        var codestream = await EncodeAsync(folder, image, "dcmcjpeg", option);
        Mutate(codestream, (bytes, frame) => JpegFrameDecoder.Decode(bytes, image.Format, frame), image.Pixels.Length);
        for (var length = 0; length < codestream.Length - 3; length += 7)
            Assert.NotNull(JpegFrameDecoder.Decode(codestream.AsMemory(0, length), image.Format, new byte[image.Pixels.Length]));
    }

    private static void Mutate(byte[] sound, Func<byte[], byte[], string?> decode, int frameBytes)
    {
        var random = new Random(20261130);
        var frame = new byte[frameBytes];
        Assert.Null(decode(sound, frame));
        var (read, refused) = (0, 0);
        for (var i = 0; i < Inputs; i++)
        {
            var bytes = i % 4 == 0 ? sound[..random.Next(sound.Length)] : [.. sound];
            for (var change = random.Next(1, 9); change > 0 && bytes.Length > 0; change--)
                bytes[random.Next(i % 2 == 0 ? bytes.Length : Math.Min(bytes.Length, 200))] = (byte)random.Next(256);

            var before = GC.GetAllocatedBytesForCurrentThread();
            if (decode(bytes, frame) is null)
                read++;
            else
                refused++;

            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MostBytes);
        }

        Assert.True(refused > Inputs / 4, $"{read} read, {refused} refused");
    }

    private static async Task<byte[]> EncodeAsync(TempFolder folder, CodedImage image, string tool, params string[] options)
    {
        var coded = folder.Path("coded.dcm");
        var result = await Dcmtk.RunAsync(tool, [.. options, image.Write(folder.Path("raw.dcm")), coded]);
        Assert.True(result.ExitCode == 0, result.Error);
        var dataSet = (await DicomFile.OpenAsync(coded, FileReadOption.ReadAll)).Dataset;
        var (codestream, problem) = EncapsulatedFrame.Join(dataSet);
        Assert.Null(problem);
        return codestream.ToArray();
    }
}
