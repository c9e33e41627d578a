using System.Text;
using FellowOakDicom;
using FellowOakDicom.IO.Buffer;
using FellowOakDicom.IO.Writer;

namespace HSENet.Toolkit.Contract.Tests.Data;

public sealed class FileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("toolkit").FullName;

    private string Path_ => Path.Combine(_folder, "file.dcm");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static DicomDataset Large() => Written.Report()
        .AddOrUpdate(DicomTag.PatientID, "1").AddOrUpdate(new DicomOtherWord(DicomTag.PixelData, new ushort[50_000]));

    [Fact]
    public async Task File_is_saved_and_opened_by_path_and_by_stream()
    {
        var file = new DicomFile(Large());
        file.Save(Path_);
        await file.SaveAsync(Path_);
        using var stream = new MemoryStream();
        await file.SaveAsync(stream);
        Assert.Equal(File.ReadAllBytes(Path_), stream.ToArray());
        stream.Position = 0;
        foreach (var again in new[] { DicomFile.Open(Path_), await DicomFile.OpenAsync(Path_), await DicomFile.OpenAsync(stream) })
        {
            Assert.Equal("1", again.Dataset.GetString(DicomTag.PatientID));
            Assert.False(again.IsPartial);
            Assert.Equal(DicomFileFormat.DICOM3, again.Format);
            Assert.NotEmpty(again.ToString());
        }
    }

    [Fact]
    public void File_starts_with_preamble_prefix_and_group_length()
    {
        var bytes = Written.Bytes(Written.Report());
        Assert.True(bytes.AsSpan(0, 128).IndexOfAnyExcept((byte)0) < 0);
        Assert.Equal("DICM"u8, bytes.AsSpan(128, 4));
        var length = BitConverter.ToInt32(bytes, 140);
        Assert.Equal(0x0008, BitConverter.ToUInt16(bytes, 144 + length));
    }

    [Fact]
    public void Meta_information_is_made_from_the_data_set()
    {
        var meta = Written.Open(Written.Bytes(Written.Report())).FileMetaInfo;
        Assert.Equal(DicomUID.ComprehensiveSRStorage, meta.MediaStorageSOPClassUID);
        Assert.Equal("2.25.1", meta.MediaStorageSOPInstanceUID.UID);
        Assert.Equal(DicomTransferSyntax.ExplicitVRLittleEndian, meta.TransferSyntax);
        Assert.Equal(DicomImplementation.ClassUID, meta.ImplementationClassUID);
        Assert.Equal(DicomImplementation.Version, meta.ImplementationVersionName);
        Assert.Equal([0, 1], meta.Version);
    }

    [Fact]
    public void Meta_information_can_be_set()
    {
        var meta = new DicomFileMetaInformation
        {
            Version = [0, 1],
            MediaStorageSOPClassUID = DicomUID.CTImageStorage,
            MediaStorageSOPInstanceUID = DicomUID.Parse("1.2.3"),
            TransferSyntax = DicomTransferSyntax.RLELossless,
            ImplementationClassUID = DicomUID.Parse("1.2.4"),
            ImplementationVersionName = "X",
            SourceApplicationEntityTitle = "SOURCE",
            SendingApplicationEntityTitle = "SENDER",
            ReceivingApplicationEntityTitle = "RECEIVER",
        };
        var copy = new DicomFileMetaInformation(meta);
        Assert.Equal("1.2.3", copy.MediaStorageSOPInstanceUID.UID);
        Assert.Equal(("SOURCE", "SENDER", "RECEIVER"),
            (copy.SourceApplicationEntityTitle, copy.SendingApplicationEntityTitle, copy.ReceivingApplicationEntityTitle));
        Assert.Equal(DicomTransferSyntax.RLELossless, copy.TransferSyntax);
        Assert.ThrowsAny<DicomException>(() => copy.Add(DicomTag.PatientID, "1"));
        Assert.Equal("1.2.4", new DicomFileMetaInformation(copy).ImplementationClassUID.UID);
        Assert.Equal(DicomUID.ComprehensiveSRStorage, new DicomFileMetaInformation(Written.Report()).MediaStorageSOPClassUID);
    }

    [Fact]
    public void Stop_predicate_ends_the_reading_before_the_pixels()
    {
        File.WriteAllBytes(Path_, Written.Bytes(Large()));
        var seen = new List<(DicomTag? Previous, DicomTag Tag, int Depth)>();
        bool Stop(ParseState state)
        {
            seen.Add((state.PreviousTag, state.Tag, state.SequenceDepth));
            return state.Tag.CompareTo(DicomTag.PixelData) >= 0;
        }

        var file = DicomFile.Open(Path_, Encoding.ASCII, Stop);
        Assert.True(file.IsPartial);
        Assert.True(file.Dataset.Contains(DicomTag.PatientID));
        Assert.False(file.Dataset.Contains(DicomTag.PixelData));
        Assert.Equal((DicomTag.PixelData, 0), (seen[^1].Tag, seen[^1].Depth));
        Assert.Equal(DicomTag.PatientID, seen[^1].Previous);
    }

    [Fact]
    public async Task Stop_predicate_works_for_streams_and_later()
    {
        var bytes = Written.Bytes(Large());
        File.WriteAllBytes(Path_, bytes);
        Func<ParseState, bool> stop = state => state.Tag.Group > 0x0008;
        Assert.False(DicomFile.Open(new MemoryStream(bytes), Encoding.ASCII, stop).Dataset.Contains(DicomTag.PatientID));
        Assert.False((await DicomFile.OpenAsync(Path_, Encoding.ASCII, stop)).Dataset.Contains(DicomTag.PatientID));
        Assert.True((await DicomFile.OpenAsync(new MemoryStream(bytes), Encoding.ASCII, stop)).IsPartial);
        var state = new ParseState { Tag = DicomTag.Rows, PreviousTag = DicomTag.PatientID, SequenceDepth = 1 };
        Assert.Equal((DicomTag.Rows, DicomTag.PatientID, 1), (state.Tag, state.PreviousTag, state.SequenceDepth));
    }

    [Theory]
    [InlineData(FileReadOption.Default)]
    [InlineData(FileReadOption.ReadAll)]
    [InlineData(FileReadOption.ReadLargeOnDemand)]
    public void Large_values_have_their_bytes_however_they_are_read(FileReadOption option)
    {
        var pixels = Enumerable.Range(0, 50_000).Select(value => (ushort)value).ToArray();
        File.WriteAllBytes(Path_, Written.Bytes(Written.Report(new DicomOtherWord(DicomTag.PixelData, pixels))));
        using var stream = File.OpenRead(Path_);
        foreach (var file in new[] { DicomFile.Open(Path_, option), DicomFile.Open(stream, option), DicomFile.Open(Path_, option, 1024) })
        {
            Assert.Equal(pixels, file.Dataset.GetValues<ushort>(DicomTag.PixelData));
            var buffer = file.Dataset.GetDicomItem<DicomElement>(DicomTag.PixelData).Buffer;
            var range = new byte[4];
            buffer.GetByteRange(100, 4, range);
            Assert.Equal([50, 0, 51, 0], range);
            using var copy = new MemoryStream();
            buffer.CopyToStream(copy);
            Assert.Equal(100_000, copy.Length);
        }
    }

    [Fact]
    public async Task Large_value_in_the_file_is_copied_later()
    {
        File.WriteAllBytes(Path_, Written.Bytes(Large()));
        var buffer = DicomFile.Open(Path_, FileReadOption.ReadLargeOnDemand).Dataset.GetDicomItem<DicomElement>(DicomTag.PixelData).Buffer;
        using var copy = new MemoryStream();
        await buffer.CopyToStreamAsync(copy, CancellationToken.None);
        Assert.Equal((100_000, 100_000), (copy.Length, buffer.Size));
    }

    [Fact]
    public void Large_values_are_skipped_when_asked()
    {
        File.WriteAllBytes(Path_, Written.Bytes(Large().AddOrUpdate(DicomTag.PatientName, "Doe")));
        var file = DicomFile.Open(Path_, FileReadOption.SkipLargeTags);
        Assert.False(file.Dataset.Contains(DicomTag.PixelData));
        Assert.Equal("Doe", file.Dataset.GetString(DicomTag.PatientName));
    }

    [Fact]
    public void Header_is_recognised()
    {
        File.WriteAllBytes(Path_, Written.Bytes(Written.Report()));
        Assert.True(DicomFile.HasValidHeader(Path_));
        File.WriteAllText(Path_, "text");
        Assert.False(DicomFile.HasValidHeader(Path_));
    }

    [Fact]
    public void File_that_cannot_be_read_is_refused()
    {
        Assert.ThrowsAny<DicomException>(() => DicomFile.Open(Path.Combine(_folder, "none.dcm")));
        File.WriteAllText(Path_, "text");
        Assert.NotNull(Assert.Throws<DicomFileException>(() => DicomFile.Open(Path_)).File);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public void Sequences_are_written_with_and_without_lengths(bool sequences, bool items)
    {
        var options = new DicomWriteOptions(new DicomWriteOptions { ExplicitLengthSequences = sequences, ExplicitLengthSequenceItems = items });
        Assert.Equal((sequences, items), (options.ExplicitLengthSequences, options.ExplicitLengthSequenceItems));
        var inner = new DicomSequence(DicomTag.ContentSequence, new DicomDataset().Add(DicomTag.ValueType, "NUM"), new DicomDataset());
        var dataset = Written.Report(new DicomSequence(DicomTag.ContentSequence, new DicomDataset(inner).Add(DicomTag.TextValue, "odd")));
        foreach (var syntax in new[] { DicomTransferSyntax.ExplicitVRLittleEndian, DicomTransferSyntax.ImplicitVRLittleEndian })
        {
            var bytes = Written.Bytes(dataset, syntax, options);
            Assert.Equal(!sequences, Written.Find(bytes, 0xFE, 0xFF, 0xDD, 0xE0) > 0);
            Assert.Equal(!items, Written.Find(bytes, 0xFE, 0xFF, 0x0D, 0xE0) > 0);
            var item = Written.Open(bytes).Dataset.GetSequence(DicomTag.ContentSequence).Items.Single();
            Assert.Equal("NUM", item.GetSequence(DicomTag.ContentSequence).Items[0].GetString(DicomTag.ValueType));
            Assert.Equal("odd", item.GetString(DicomTag.TextValue));
        }
    }

    [Fact]
    public void Default_write_options_use_delimiters()
    {
        Assert.False(DicomWriteOptions.Default.ExplicitLengthSequences);
        Assert.False(DicomWriteOptions.Default.ExplicitLengthSequenceItems);
    }

    [Fact]
    public void Fragments_go_through_a_file()
    {
        var pixels = new DicomOtherByteFragment(DicomTag.PixelData);
        pixels.OffsetTable.Add(0);
        pixels.OffsetTable.Add(12);
        pixels.Fragments.Add(new MemoryByteBuffer([1, 2, 3, 4]));
        pixels.Fragments.Add(new MemoryByteBuffer([5, 6]));
        var again = Written.Again(Written.Report(pixels), DicomTransferSyntax.JPEG2000Lossless).GetDicomItem<DicomFragmentSequence>(DicomTag.PixelData);
        Assert.Equal([0u, 12u], again.OffsetTable);
        Assert.Equal([[1, 2, 3, 4], [5, 6]], again.Fragments.Select(fragment => fragment.Data));
    }

    [Fact]
    public void Buffers_of_odd_size_are_padded_in_the_file()
    {
        var bytes = Written.Bytes(Written.Report(
            new DicomLongString(DicomTag.PatientID, [Encoding.ASCII], new MemoryByteBuffer("abc"u8.ToArray())),
            new DicomOtherByte(DicomTag.PixelData, new MemoryByteBuffer([1, 2, 3]))));
        Assert.True(Written.Find(bytes, [(byte)'L', (byte)'O', 4, 0, .. "abc "u8]) > 0);
        Assert.Equal([4, 0, 0, 0, 1, 2, 3, 0], bytes[^8..]);
    }

    [Fact]
    public void Odd_values_are_padded_in_the_file()
    {
        var bytes = Written.Bytes(Written.Report().AddOrUpdate(DicomTag.PatientID, "abc").AddOrUpdate(new DicomOtherByte(DicomTag.PixelData, 1, 2, 3)));
        Assert.Equal(0, bytes.Length % 2);
        Assert.True(Written.Find(bytes, "abc "u8.ToArray()) > 0);
        Assert.Equal([1, 2, 3, 0], bytes[^4..]);
    }
}
