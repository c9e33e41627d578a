using FellowOakDicom;
using HSENet.Toolkit.Contract.Tests.Data;

namespace HSENet.Toolkit.Tests.Data;

/// <summary>Bytes that must be refused, cheaply.</summary>
public class HostileInputTests
{
    private static void RefusedCheaply(RawFile raw)
    {
        var bytes = raw.File;
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.ThrowsAny<DicomException>(() => DicomFile.Open(new MemoryStream(bytes)));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < (16 << 20) + (8L * bytes.Length));
    }

    [Theory]
    [InlineData(300)]
    [InlineData(100_000)]
    public void Deeply_nested_sequences_are_refused(int depth)
    {
        var open = new RawFile().Sequence(0x0040A730).Item().Dataset;
        var raw = new RawFile();
        for (var level = 0; level < depth; level++)
        {
            raw.Raw(open);
        }

        RefusedCheaply(raw);
    }

    [Fact]
    public void Sixty_nested_sequences_are_read_and_written()
    {
        var dataset = new DicomDataset();
        for (var level = 0; level < 60; level++)
        {
            dataset = new DicomDataset(new DicomSequence(DicomTag.ContentSequence, dataset));
        }

        var again = Written.Again(Written.Report([.. dataset]));
        for (var level = 0; level < 60; level++)
        {
            again = again.GetSequence(DicomTag.ContentSequence).Items.Single();
        }

        Assert.Empty(again);
    }

    [Theory]
    [InlineData(0xFFFFFFFEu)]
    [InlineData(0x7FFFFFFFu)]
    [InlineData(100u)]
    public void Value_longer_than_the_file_is_refused_without_memory(uint length) =>
        RefusedCheaply(new RawFile().Explicit(0x7FE00010, "OW", new byte[8], length));

    [Fact]
    public void Value_longer_than_a_stream_of_unknown_length_is_refused_without_memory()
    {
        var bytes = new RawFile().Explicit(0x7FE00010, "OW", new byte[8], 0x7FFFFFF0).File;
        using var stream = new OneWay(bytes);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.ThrowsAny<DicomException>(() => DicomFile.Open(stream));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 16 << 20);
    }

    [Fact]
    public void Element_longer_than_its_item_is_refused() =>
        RefusedCheaply(new RawFile().Sequence(0x0040A730).Item(10).Explicit(0x0040A040, "CS", "TEXTTEXT").EndSequence());

    [Fact]
    public void Item_longer_than_its_sequence_is_refused() =>
        RefusedCheaply(new RawFile().Sequence(0x0040A730, 16).Item(100).Explicit(0x0040A040, "CS", "TEXT").Raw(new byte[100]));

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(9)]
    public void Truncated_file_is_refused(int missing)
    {
        var bytes = new RawFile().Explicit(0x00080060, "CS", "CT").Explicit(0x00100020, "LO", "IDID").File;
        Assert.ThrowsAny<DicomException>(() => Written.Open(bytes[..^missing]));
    }

    [Fact]
    public void File_that_ends_inside_a_sequence_is_refused() =>
        Assert.ThrowsAny<DicomException>(() => new RawFile().Sequence(0x0040A730).Item().Explicit(0x0040A040, "CS", "TEXT").Open());

    [Fact]
    public void Pixel_data_without_their_delimiter_are_refused()
    {
        var raw = new RawFile("1.2.840.10008.1.2.4.70").Explicit(0x7FE00010, "OB", [], RawFile.Undefined).Item(0).Item(2).Raw(1, 2);
        Assert.ThrowsAny<DicomException>(raw.Open);
    }

    [Fact]
    public void Fragment_longer_than_the_file_is_refused() =>
        RefusedCheaply(new RawFile("1.2.840.10008.1.2.4.70").Explicit(0x7FE00010, "OB", [], RawFile.Undefined).Item(0).Item(0x7FFFFFF0).Raw(1, 2));

    [Fact]
    public void Item_outside_of_a_sequence_is_refused() =>
        Assert.ThrowsAny<DicomException>(new RawFile().Explicit(0x00080060, "CS", "CT").Item(4).Raw(1, 2, 3, 4).Open);

    [Fact]
    public void Every_cut_of_a_report_is_refused_or_read_and_nothing_else()
    {
        var bytes = Written.Bytes(Written.Report(
            new DicomSequence(DicomTag.ContentSequence, new DicomDataset().Add(DicomTag.TextValue, "text")), new DicomLongString(DicomTag.PatientID, "1")));
        for (var length = 0; length < bytes.Length; length++)
        {
            try
            {
                Items.TouchAll(Written.Open(bytes[..length]).Dataset);
            }
            catch (DicomFileException)
            {
                continue;
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Every_kind_of_damaged_byte_is_refused_or_read_and_nothing_else(int seed)
    {
        var random = new Random(seed);
        var good = Written.Bytes(Written.Report(
            new DicomSequence(DicomTag.ContentSequence, new DicomDataset().Add(DicomTag.TextValue, "text")), new DicomLongString(DicomTag.PatientID, "1")));
        for (var round = 0; round < 500; round++)
        {
            var bytes = (byte[])good.Clone();
            for (var changes = random.Next(1, 6); changes > 0; changes--)
            {
                bytes[random.Next(132, bytes.Length)] = (byte)random.Next(256);
            }

            try
            {
                Items.TouchAll(Written.Open(bytes).Dataset);
            }
            catch (DicomFileException)
            {
                continue;
            }
        }
    }

    private sealed class OneWay(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
