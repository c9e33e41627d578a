using FellowOakDicom;
using FellowOakDicom.IO.Buffer;
using HSENet.Dicom.Codecs;
using HSENet.Dicom.Codecs.JpegLossless;
using HSENet.Dicom.Series;

namespace HSENet.Dicom.Tests.Codecs;

public sealed class EncapsulatedFrameTests
{
    private static readonly CodedImage s_image = new(16, 12, false, "ramp", 4, 4);

    [Fact]
    public void Fragments_are_joined_whatever_the_offset_table_says()
    {
        var dataSet = Fragments([1, 2], [3], [4, 5, 6]);
        Pixels(dataSet).OffsetTable.Add(7777);
        Assert.Equal([1, 2, 3, 4, 5, 6], Joined(dataSet));
    }

    [Fact]
    public void An_offset_table_of_several_frames_is_refused()
    {
        var dataSet = Fragments([1, 2]);
        Pixels(dataSet).OffsetTable.Add(0);
        Pixels(dataSet).OffsetTable.Add(2);
        Assert.Contains("2 frames", EncapsulatedFrame.Join(dataSet).Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3UL, null)]
    [InlineData(4UL, null)]
    [InlineData(0UL, "says 0 bytes")]
    [InlineData(5UL, "says 5 bytes")]
    [InlineData(ulong.MaxValue, "says 18446744073709551615 bytes")]
    public void The_extended_offset_table_tells_the_length_without_the_pad_byte(ulong length, string? problem)
    {
        var dataSet = Fragments([1, 2, 3, 0]).NotValidated();
        dataSet.Add(new DicomOtherVeryLong(new DicomTag(0x7FE0, 0x0001), new MemoryByteBuffer(new byte[8])));
        dataSet.Add(new DicomOtherVeryLong(new DicomTag(0x7FE0, 0x0002), new MemoryByteBuffer(BitConverter.GetBytes(length))));
        if (problem is null)
            Assert.Equal((int)length, Joined(dataSet).Length);
        else
            Assert.Contains(problem, EncapsulatedFrame.Join(dataSet).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void No_fragment_an_empty_one_and_native_pixels_are_refused()
    {
        Assert.Contains("no fragment", EncapsulatedFrame.Join(Fragments()).Problem, StringComparison.Ordinal);
        Assert.Contains("no fragment", EncapsulatedFrame.Join(Fragments([[]])).Problem, StringComparison.Ordinal);
        Assert.Contains("no encapsulated", EncapsulatedFrame.Join(s_image.DataSet()).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_header_is_judged_against_the_data_set()
    {
        byte[] jpeg = [0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 2, 0xFF, 0xFF, 0xC3, 0, 11, 12, 0, 4, 0, 4, 1, 1, 0x11, 0];
        var header = Header(jpeg);
        Assert.Equal(new CodestreamHeader(CodestreamKind.JpegLossless, 4, 4, 1, 12, null), header);
        var format = s_image.Format;
        Assert.Null(header.Disagreement(format, CodestreamKind.JpegLossless));
        Assert.NotNull(header.Disagreement(format, CodestreamKind.JpegLs));
        Assert.Contains("4 x 4 pixels", header.Disagreement(format with { Rows = 8 }, CodestreamKind.JpegLossless), StringComparison.Ordinal);
        Assert.Contains("components", (header with { Components = 3 }).Disagreement(format, CodestreamKind.JpegLossless), StringComparison.Ordinal);
        Assert.Contains("12 bits", header.Disagreement(format with { BitsAllocated = 8, BitsStored = 8, HighBit = 7 }, CodestreamKind.JpegLossless), StringComparison.Ordinal);
        Assert.Contains("12 bits", header.Disagreement(format with { BitsStored = 16, HighBit = 15, IsSigned = true }, CodestreamKind.JpegLossless), StringComparison.Ordinal);
        Assert.Contains("High Bit", header.Disagreement(format with { HighBit = 15 }, CodestreamKind.JpegLossless), StringComparison.Ordinal);
        for (var length = 0; length < jpeg.Length; length++)
            Assert.NotNull(CodestreamHeader.Parse(jpeg.AsSpan(0, length)).Problem);
    }

    [Fact]
    public void A_JPEG_2000_header_tells_size_sign_and_precision()
    {
        byte[] siz = [0xFF, 0x4F, 0xFF, 0x51, 0, 41, 0, 0, 0, 0, 0, 4, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0x8F, 1, 1];
        var header = Header(siz);
        Assert.Equal(new CodestreamHeader(CodestreamKind.Jpeg2000, 4, 5, 1, 16, true), header);
        var format = new PixelFormat(5, 4, 1, 16, 16, 15, true, "MONOCHROME2");
        Assert.Null(header.Disagreement(format, CodestreamKind.Jpeg2000));
        Assert.Contains("signed", header.Disagreement(format with { IsSigned = false }, CodestreamKind.Jpeg2000), StringComparison.Ordinal);
        foreach (var (at, value) in new[] { (27, (byte)0), (31, (byte)0), (41, (byte)2), (43, (byte)2), (23, (byte)9) })
        {
            byte[] bad = [.. siz];
            bad[at] = value;
            Assert.NotNull(CodestreamHeader.Parse(bad).Problem);
        }
    }

    private static CodestreamHeader Header(byte[] codestream)
    {
        var (header, problem) = CodestreamHeader.Parse(codestream);
        Assert.Null(problem);
        return header!;
    }

    private static DicomDataset Fragments(params byte[][] fragments) => s_image.Encapsulated(JpegLosslessFrameDecoder.Process14, fragments);

    private static DicomFragmentSequence Pixels(DicomDataset dataSet) => dataSet.GetDicomItem<DicomFragmentSequence>(DicomTag.PixelData);

    private static byte[] Joined(DicomDataset dataSet)
    {
        var (codestream, problem) = EncapsulatedFrame.Join(dataSet);
        Assert.Null(problem);
        return codestream.ToArray();
    }
}
