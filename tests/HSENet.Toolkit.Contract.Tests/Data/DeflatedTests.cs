using System.IO.Compression;
using FellowOakDicom;

namespace HSENet.Toolkit.Contract.Tests.Data;

/// <summary>Deflated explicit VR little endian (PS3.5 A.5): raw deflate (RFC 1951) behind the file meta information.</summary>
public class DeflatedTests
{
    private static readonly DicomDataset Report = Written.Report(
        new DicomCodeString(DicomTag.SpecificCharacterSet, "ISO_IR 192"),
        new DicomPersonName(DicomTag.PatientName, ["Müller^Jörg"]),
        new DicomSequence(DicomTag.ContentSequence, new DicomDataset().Add(DicomTag.TextValue, new string('x', 5000))));

    [Fact]
    public void File_made_by_another_compressor_is_read()
    {
        var explicitFile = new RawFile().Explicit(0x00080060, "CS", "CT").Explicit(0x7FE00010, "OW", new byte[200_000]);
        using var deflated = new MemoryStream();
        using (var compressor = new DeflateStream(deflated, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            compressor.Write(explicitFile.Dataset);
        }

        var dataset = new RawFile("1.2.840.10008.1.2.1.99").Raw(deflated.ToArray()).Read();
        Assert.Equal("CT", dataset.GetString(DicomTag.Modality));
        Assert.Equal(100_000, dataset.GetValues<ushort>(DicomTag.PixelData).Length);
        Assert.Equal(DicomTransferSyntax.DeflatedExplicitVRLittleEndian, dataset.InternalTransferSyntax);
    }

    [Fact]
    public void Written_data_set_inflates_to_the_explicit_one()
    {
        using var inflate = new DeflateStream(new MemoryStream(DatasetOf(DicomTransferSyntax.DeflatedExplicitVRLittleEndian)), CompressionMode.Decompress);
        using var inflated = new MemoryStream();
        inflate.CopyTo(inflated);
        Assert.Equal(DatasetOf(DicomTransferSyntax.ExplicitVRLittleEndian), inflated.ToArray());
    }

    [Fact]
    public void Written_data_set_is_smaller_and_of_even_length()
    {
        for (var length = 0; length < 8; length++)
        {
            var bytes = Written.Bytes(Report.Clone().AddOrUpdate(DicomTag.PatientID, new string('7', length)), DicomTransferSyntax.DeflatedExplicitVRLittleEndian);
            Assert.Equal(0, bytes.Length % 2);
            Assert.InRange(bytes.Length, 300, 1000);
        }
    }

    [Fact]
    public void Data_set_comes_back_as_it_was() =>
        Assert.Equal("Müller^Jörg", Written.Again(Report, DicomTransferSyntax.DeflatedExplicitVRLittleEndian).GetString(DicomTag.PatientName));

    [Fact]
    public void Meta_information_is_not_deflated()
    {
        var meta = Written.Open(Written.Bytes(Report, DicomTransferSyntax.DeflatedExplicitVRLittleEndian)).FileMetaInfo;
        Assert.Equal(DicomTransferSyntax.DeflatedExplicitVRLittleEndian, meta.TransferSyntax);
        Assert.True(Written.Find(Written.Bytes(Report, DicomTransferSyntax.DeflatedExplicitVRLittleEndian), "1.2.840.10008.1.2.1.99"u8.ToArray()) > 0);
    }

    [Fact]
    public void Stop_predicate_ends_the_reading()
    {
        var bytes = Written.Bytes(Report, DicomTransferSyntax.DeflatedExplicitVRLittleEndian);
        var file = DicomFile.Open(new MemoryStream(bytes), System.Text.Encoding.ASCII, state => state.Tag.Group > 0x0010);
        Assert.True(file.Dataset.Contains(DicomTag.PatientName));
        Assert.False(file.Dataset.Contains(DicomTag.ContentSequence));
    }

    private static byte[] DatasetOf(DicomTransferSyntax syntax)
    {
        var bytes = Written.Bytes(Report, syntax);
        return bytes[(144 + BitConverter.ToInt32(bytes, 140))..];
    }
}
