using HSENet.Dicom.Files;

namespace HSENet.Dicom.Tests.Files;

/// <summary>Whatever is cut off or flipped in a sound file, the scan answers and never reports an end beyond the file.</summary>
public sealed class Part10ScanPropertyTests
{
    [Theory]
    [InlineData("1.2.840.10008.1.2")]
    [InlineData("1.2.840.10008.1.2.1")]
    [InlineData("1.2.840.10008.1.2.4.70")]
    public void Scan_answers_for_every_truncation(string transferSyntax)
    {
        var file = Sample(transferSyntax);
        for (var length = 0; length <= file.Length; length++)
            AssertAnswers(file[..length]);
    }

    [Theory]
    [InlineData("1.2.840.10008.1.2")]
    [InlineData("1.2.840.10008.1.2.1")]
    [InlineData("1.2.840.10008.1.2.4.70")]
    public void Scan_answers_for_every_single_byte_set_to_its_extremes(string transferSyntax)
    {
        var file = Sample(transferSyntax);
        for (var i = 128; i < file.Length; i++)
        {
            foreach (var value in (ReadOnlySpan<byte>)[0x00, 0x01, 0x7F, 0x80, 0xFE, 0xFF])
            {
                var changed = (byte[])file.Clone();
                changed[i] = value;
                AssertAnswers(changed);
            }
        }
    }

    [Theory]
    [InlineData("1.2.840.10008.1.2", 1)]
    [InlineData("1.2.840.10008.1.2.1", 2)]
    [InlineData("1.2.840.10008.1.2.4.70", 3)]
    public void Scan_answers_for_random_changes(string transferSyntax, int seed)
    {
        var file = Sample(transferSyntax);
        var random = new Random(seed);
        for (var round = 0; round < 20_000; round++)
        {
            var changed = (byte[])file.Clone();
            for (var change = random.Next(1, 9); change > 0; change--)
                changed[random.Next(132, changed.Length)] = (byte)random.Next(256);
            AssertAnswers(random.Next(4) == 0 ? changed[..random.Next(changed.Length)] : changed);
        }
    }

    private static void AssertAnswers(byte[] file)
    {
        if (Part10Scan.Scan(new MemoryStream(file)) is ScanResult.Sound { Header: var header })
        {
            Assert.InRange(header.DataSetEnd, header.DataSetOffset, file.Length);
            Assert.True(UidText.IsUid(header.SopInstanceUid) && UidText.IsUid(header.StudyInstanceUid) && UidText.IsUid(header.SeriesInstanceUid));
        }
    }

    private static byte[] Sample(string transferSyntax)
    {
        var isExplicit = transferSyntax != "1.2.840.10008.1.2";
        var code = new DataSetBytes(isExplicit).Text(0x00080100, "SH", "24627-2 ").ToArray();
        var nested = new DataSetBytes(isExplicit).Header(0x0040A730, "SQ", DataSetBytes.Undefined).Item(DataSetBytes.Undefined)
            .Header(0x0040A043, "SQ", (uint)code.Length + 8).Item((uint)code.Length).Raw(code).ItemEnd().SequenceEnd().ToArray();
        var data = new DataSetBytes(isExplicit).Identity().Text(0x00080060, "CS", "CT").Raw(nested)
            .Element(0x00091010, "UN", [0xFE, 0xFF, 0x00, 0xE0, 4, 0, 0, 0, 1, 2, 3, 4]);
        data = transferSyntax == "1.2.840.10008.1.2.4.70"
            ? data.Header(0x7FE00010, "OB", DataSetBytes.Undefined).Item(0).Item(6).Raw([1, 2, 3, 4, 5, 6]).SequenceEnd()
            : data.Element(0x7FE00010, "OW", new byte[64]);
        return data.ToFile(transferSyntax);
    }
}
