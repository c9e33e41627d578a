using FellowOakDicom;
using FellowOakDicom.IO.Buffer;

namespace HSENet.Toolkit.Contract.Tests.Data;

/// <summary>Explicit VR big endian (PS3.5 7.3, A.3): numbers turn round, bytes and text do not.</summary>
public class BigEndianTests
{
    public static TheoryData<string, DicomTag, string, string> Values() => new()
    {
        { "US", DicomTag.Rows, "0200", "512" },
        { "SS", DicomTag.PixelPaddingValue, "F830", "-2000" },
        { "UL", DicomTag.DimensionIndexValues, "00011170", "70000" },
        { "SL", DicomTag.Parse("0018,6020"), "FFFFFFFB", "-5" },
        { "FL", DicomTag.Parse("0018,605A"), "3FC00000", "1.5" },
        { "FD", DicomTag.FloatingPointValue, "3FD0000000000000", "0.25" },
        { "AT", DicomTag.DimensionIndexPointer, "00200032", "(0020,0032)" },
        { "CS", DicomTag.Modality, "4354", "CT" },
        { "UI", DicomTag.StudyInstanceUID, "312E3200", "1.2" },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public void Value_with_a_short_length_is_read_and_written(string vr, DicomTag tag, string hex, string text)
    {
        var value = Convert.FromHexString(hex);
        byte[] element = [.. Big(tag.Group), .. Big(tag.Element), (byte)vr[0], (byte)vr[1], .. Big((ushort)value.Length), .. value];
        var dataset = new RawFile("1.2.840.10008.1.2.2").Raw(element).Read();
        Assert.Equal(DicomTransferSyntax.ExplicitVRBigEndian, dataset.InternalTransferSyntax);
        Assert.Equal(text, dataset.GetString(tag), ignoreCase: true);
        Assert.True(Written.Find(Written.Bytes(Written.Report([.. dataset]), DicomTransferSyntax.ExplicitVRBigEndian), element) > 0);
    }

    public static TheoryData<string, string, string> Bulk() => new()
    {
        { "OB", "01020304", "01020304" },
        { "UN", "01020304", "01020304" },
        { "OW", "01020304", "02010403" },
        { "OF", "01020304", "04030201" },
        { "OL", "01020304", "04030201" },
        { "OD", "0102030405060708", "0807060504030201" },
        { "OV", "0102030405060708", "0807060504030201" },
        { "SV", "0102030405060708", "0807060504030201" },
        { "UV", "0102030405060708", "0807060504030201" },
    };

    [Theory]
    [MemberData(nameof(Bulk))]
    public void Value_with_a_long_length_is_read_and_written(string vr, string big, string little)
    {
        var value = Convert.FromHexString(big);
        var tag = new DicomTag(0x0029, 0x1000);
        byte[] element = [0x00, 0x29, 0x10, 0x00, (byte)vr[0], (byte)vr[1], 0, 0, 0, 0, .. Big((ushort)value.Length), .. value];
        var dataset = new RawFile("1.2.840.10008.1.2.2").Raw(element).Read();
        Assert.Equal(little, Convert.ToHexString(dataset.GetDicomItem<DicomElement>(tag).Buffer.Data));
        Assert.True(Written.Find(Written.Bytes(Written.Report([.. dataset]), DicomTransferSyntax.ExplicitVRBigEndian), element) > 0);
    }

    [Fact]
    public void Sequence_is_read()
    {
        byte[] bytes =
        [
            0x00, 0x40, 0xA7, 0x30, (byte)'S', (byte)'Q', 0, 0, 0xFF, 0xFF, 0xFF, 0xFF,
            0xFF, 0xFE, 0xE0, 0x00, 0, 0, 0, 10, 0x00, 0x28, 0x00, 0x10, (byte)'U', (byte)'S', 0, 2, 2, 0,
            0xFF, 0xFE, 0xE0, 0x00, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFE, 0xE0, 0x0D, 0, 0, 0, 0,
            0xFF, 0xFE, 0xE0, 0xDD, 0, 0, 0, 0,
        ];
        var items = new RawFile("1.2.840.10008.1.2.2").Raw(bytes).Read().GetSequence(DicomTag.ContentSequence).Items;
        Assert.Equal(2, items.Count);
        Assert.Equal(512, items[0].GetSingleValue<int>(DicomTag.Rows));
    }

    [Fact]
    public void Meta_information_stays_little_endian()
    {
        var bytes = Written.Bytes(Written.Report(), DicomTransferSyntax.ExplicitVRBigEndian);
        Assert.Equal(132, Written.Find(bytes, 0x02, 0x00, 0x00, 0x00, (byte)'U', (byte)'L', 4, 0));
        Assert.True(Written.Find(bytes, 0x00, 0x08, 0x00, 0x16, (byte)'U', (byte)'I') > 0);
    }

    [Fact]
    public void Pixels_are_the_same_numbers_whatever_the_syntax()
    {
        var pixels = Enumerable.Range(-500, 1000).Select(value => (ushort)(short)value).ToArray();
        var report = Written.Report(new DicomOtherWord(DicomTag.PixelData, pixels));
        foreach (var syntax in new[]
        {
            DicomTransferSyntax.ExplicitVRBigEndian, DicomTransferSyntax.ImplicitVRLittleEndian, DicomTransferSyntax.DeflatedExplicitVRLittleEndian,
            DicomTransferSyntax.ExplicitVRLittleEndian,
        })
        {
            report = Written.Report([.. Written.Again(report, syntax)]);
            Assert.Equal(pixels, report.GetValues<ushort>(DicomTag.PixelData));
        }
    }

    [Fact]
    public void Part_of_a_value_that_stays_in_the_file_is_turned_round()
    {
        var path = Path.GetTempFileName();
        try
        {
            var pixels = Enumerable.Range(0, 100_000).Select(value => (ushort)value).ToArray();
            File.WriteAllBytes(path, Written.Bytes(Written.Report(new DicomOtherWord(DicomTag.PixelData, pixels)), DicomTransferSyntax.ExplicitVRBigEndian));
            var buffer = DicomFile.Open(path, FileReadOption.ReadLargeOnDemand).Dataset.GetDicomItem<DicomElement>(DicomTag.PixelData).Buffer;
            var range = new byte[4];
            buffer.GetByteRange(2000, 4, range);
            Assert.Equal([0xE8, 0x03, 0xE9, 0x03], range);
            using var copy = new MemoryStream();
            buffer.CopyToStream(copy);
            Assert.Equal(new DicomOtherWord(DicomTag.PixelData, pixels).Buffer.Data, copy.ToArray());
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Numbers_made_by_code_are_the_same_after_every_syntax()
    {
        var report = Written.Report(
            new DicomUnsignedShort(DicomTag.Rows, 258), new DicomFloatingPointDouble(DicomTag.FloatingPointValue, 0.1),
            new DicomAttributeTag(DicomTag.DimensionIndexPointer, DicomTag.StackID),
            new DicomOtherFloat(DicomTag.FloatPixelData, 1.5f, -2f),
            new DicomOtherVeryLong(DicomTag.ExtendedOffsetTable, new MemoryByteBuffer([1, 2, 3, 4, 5, 6, 7, 8])));
        Assert.Equal(Items.Described(report), Items.Described(Written.Again(report, DicomTransferSyntax.ExplicitVRBigEndian)));
    }

    private static byte[] Big(ushort number) => [(byte)(number >> 8), (byte)number];
}
