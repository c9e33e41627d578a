using System.Diagnostics;
using FellowOakDicom;
using FellowOakDicom.IO.Writer;
using HSENet.Toolkit.Contract.Tests.Data;

namespace HSENet.Toolkit.Tests.RealFiles;

/// <summary>DCMTK as the judge: it converts real files to the very bytes that we write, and accepts what we make.</summary>
public sealed class DcmtkTests : IDisposable
{
    // Without the private dictionary, which we do not have: private attributes of implicit VR are of VR UN then
    private static readonly string? StandardDictionary = !Directory.Exists("/usr/share") ? null
        : Directory.GetDirectories("/usr/share", "libdcmtk*").Select(folder => Path.Combine(folder, "dicom.dic")).FirstOrDefault(File.Exists);

    private readonly string _folder = Directory.CreateTempSubdirectory("toolkit").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("data/sr", "+te", "1.2.840.10008.1.2.1")]
    [InlineData("data/sr", "+ti", "1.2.840.10008.1.2")]
    [InlineData("data/charsets", "+te", "1.2.840.10008.1.2.1")]
    [InlineData("data/charsets", "+ti", "1.2.840.10008.1.2")]
    [InlineData("data/sr", "+tb", "1.2.840.10008.1.2.2")]
    [InlineData("data/charsets", "+tb", "1.2.840.10008.1.2.2")]
    [InlineData("data/transfer-syntaxes", "+tb", "1.2.840.10008.1.2.2")]
    [InlineData("data/transfer-syntaxes", "+ti", "1.2.840.10008.1.2")]
    [InlineData("data/single-slices", "+te", "1.2.840.10008.1.2.1")]
    [InlineData("data/single-slices", "+tb", "1.2.840.10008.1.2.2")]
    [InlineData("data/enhanced-multiframe", "+te", "1.2.840.10008.1.2.1")]
    public async Task Real_files_are_written_byte_for_byte_as_dcmtk_writes_them(string folder, string option, string syntax)
    {
        var compared = 0;
        foreach (var path in Shared.Files(folder, "*.dcm"))
        {
            var file = DicomFile.Open(path);
            if (file.FileMetaInfo.TransferSyntax.IsEncapsulated)
            {
                continue;
            }

            var theirs = Path.Combine(_folder, "theirs.dcm");
            Assert.Equal("", await Run("dcmconv", option, "--length-undefined", "--group-length-remove", path, theirs));
            TellSigns(file.Dataset);
            file.FileMetaInfo.TransferSyntax = DicomTransferSyntax.Parse(syntax);
            using var ours = new MemoryStream();
            file.Save(ours, DicomWriteOptions.Default);
            Assert.True(DatasetOf(File.ReadAllBytes(theirs)).SequenceEqual(DatasetOf(ours.ToArray())), path);
            compared++;
        }

        Assert.True(compared > 0);
    }

    /// <summary>From implicit VR, what is US or SS comes as US, as the package reads it; DCMTK asks Pixel Representation, and so must who writes the file anew.</summary>
    private static void TellSigns(DicomDataset dataset)
    {
        if (dataset.InternalTransferSyntax.IsExplicitVR || dataset.GetSingleValueOrDefault(DicomTag.PixelRepresentation, (ushort)0) == 0)
        {
            return;
        }

        foreach (var element in dataset.OfType<DicomUnsignedShort>().Where(element => element.Tag.DictionaryEntry.ValueRepresentations.Contains(DicomVR.SS)).ToArray())
        {
            dataset.AddOrUpdate(new DicomSignedShort(element.Tag, element.Buffer));
        }
    }

    [Theory]
    [InlineData("data/sr")]
    [InlineData("data/transfer-syntaxes")]
    public async Task Deflated_files_are_read_from_dcmtk_and_by_it(string folder)
    {
        var compared = 0;
        foreach (var path in Shared.Files(folder, "*.dcm"))
        {
            var file = DicomFile.Open(path);
            if (file.FileMetaInfo.TransferSyntax.IsEncapsulated)
            {
                continue;
            }

            var (plain, theirs, ours, back) = (InFolder("plain"), InFolder("theirs"), InFolder("ours"), InFolder("back"));
            Assert.Equal("", await Run("dcmconv", "+te", "--length-undefined", "--group-length-remove", path, plain));
            Assert.Equal("", await Run("dcmconv", "+td", "--length-undefined", "--group-length-remove", path, theirs));
            TellSigns(file.Dataset);
            file.FileMetaInfo.TransferSyntax = DicomTransferSyntax.DeflatedExplicitVRLittleEndian;
            file.Save(ours);
            Assert.Equal("", await Run("dcmconv", "+te", "--length-undefined", "--group-length-remove", ours, back));
            Assert.Equal(0, new FileInfo(ours).Length % 2);
            Assert.True(DatasetOf(File.ReadAllBytes(plain)).SequenceEqual(DatasetOf(File.ReadAllBytes(back))), path);
            Assert.Equal(Items.Described(DicomFile.Open(plain).Dataset), Items.Described(DicomFile.Open(theirs).Dataset));
            compared++;
        }

        Assert.True(compared > 1);
    }

    [Theory]
    [InlineData("+te", "1.2.840.10008.1.2.1")]
    [InlineData("+ti", "1.2.840.10008.1.2")]
    [InlineData("+tb", "1.2.840.10008.1.2.2")]
    public async Task Lengths_are_written_byte_for_byte_as_dcmtk_writes_them(string option, string syntax)
    {
        foreach (var path in Shared.Files("data/sr", "*.dcm"))
        {
            var theirs = InFolder("theirs");
            Assert.Equal("", await Run("dcmconv", option, "--length-explicit", "--group-length-remove", path, theirs));
            var file = DicomFile.Open(path);
            file.FileMetaInfo.TransferSyntax = DicomTransferSyntax.Parse(syntax);
            using var ours = new MemoryStream();
            file.Save(ours, new DicomWriteOptions { ExplicitLengthSequences = true, ExplicitLengthSequenceItems = true });
            Assert.True(DatasetOf(File.ReadAllBytes(theirs)).SequenceEqual(DatasetOf(ours.ToArray())), path);
        }
    }

    [Fact]
    public async Task Dcmdump_accepts_what_we_write()
    {
        var path = Path.Combine(_folder, "ours.dcm");
        new DicomFile(Written.Report(
            new DicomCodeString(DicomTag.SpecificCharacterSet, "ISO_IR 192"),
            new DicomPersonName(DicomTag.PatientName, ["Müller^Jörg"]),
            new DicomSequence(DicomTag.ContentSequence, new DicomDataset().Add(DicomTag.TextValue, "5 µm"), new DicomDataset()),
            new DicomOtherWord(DicomTag.PixelData, 1, 2, 3))).Save(path);
        var dump = await Run("dcmdump", "+U8", path);
        Assert.Contains("[Müller^Jörg]", dump);
        Assert.Contains("[5 µm]", dump);
        Assert.DoesNotContain("W:", dump);
        Assert.DoesNotContain("E:", dump);
    }

    private string InFolder(string name) => Path.Combine(_folder, name + ".dcm");

    private static ReadOnlySpan<byte> DatasetOf(byte[] file) => file.AsSpan(144 + BitConverter.ToInt32(file, 140));

    private static async Task<string> Run(string tool, params string[] arguments)
    {
        var found = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, tool)));
        Assert.SkipUnless(found, $"{tool} is not installed");
        var start = new ProcessStartInfo(tool, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (StandardDictionary is not null)
        {
            start.Environment["DCMDICTPATH"] = StandardDictionary;
        }

        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        var text = output + await error;
        Assert.True(process.ExitCode == 0, $"{tool}: {text}");
        return text;
    }
}
