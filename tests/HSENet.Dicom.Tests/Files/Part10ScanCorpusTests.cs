using System.Diagnostics;
using HSENet.Dicom.Files;
using HSENet.TestKit;

namespace HSENet.Dicom.Tests.Files;

/// <summary>The scan over every damaged, hostile, odd and sound file of the shared data.</summary>
public sealed class Part10ScanCorpusTests
{
    private const long AllocationLimit = 64 * 1024;
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(2);

    [Theory]
    [InlineData("bad-input")]
    [InlineData("transfer-syntaxes")]
    [InlineData("sr")]
    [InlineData("charsets")]
    [InlineData("chest-ct")]
    [InlineData("single-slices")]
    [InlineData("localizers")]
    [InlineData("enhanced-multiframe")]
    [InlineData("gantry-tilt")]
    public void Scan_survives_every_file_with_little_memory_and_time(string folder)
    {
        var files = Directory.GetFiles(SharedData.Path($"data/{folder}"), "*", SearchOption.AllDirectories);
        Assert.NotEmpty(files);
        Assert.All(files, file =>
        {
            var clock = Stopwatch.StartNew();
            var allocated = GC.GetAllocatedBytesForCurrentThread();

            Part10Scan.Scan(file);

            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - allocated, 0, AllocationLimit);
            Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeLimit);
        });
    }

    [Theory]
    [InlineData("chest-ct/lung-dx-a0001-lung", 64)]
    [InlineData("chest-ct/lung-dx-a0001-soft-j2k", 64)]
    [InlineData("chest-ct/mini-lidc-0314", 55)]
    [InlineData("single-slices", 4)]
    [InlineData("localizers", 2)]
    [InlineData("enhanced-multiframe", 4)]
    [InlineData("gantry-tilt", 8)]
    [InlineData("bad-input/series", 200)]
    public void Scan_finds_real_files_sound_and_without_a_fault(string folder, int atLeast)
    {
        var files = Directory.GetFiles(SharedData.Path($"data/{folder}"), "*.dcm", SearchOption.AllDirectories);
        Assert.True(files.Length >= atLeast, $"{files.Length} files");
        Assert.All(files, file => Assert.Equal(0, Assert.IsType<ScanResult.Sound>(Part10Scan.Scan(file)).Header.ToleratedFaults));
    }

    [Theory]
    [InlineData("01", "dicom.format")]
    [InlineData("02", "dicom.format")]
    [InlineData("03", "dicom.format")]
    [InlineData("04", "dicom.transfer-syntax")]
    [InlineData("05", "dicom.uid")]
    [InlineData("06", "dicom.format")]
    [InlineData("07", "dicom.transfer-syntax")]
    [InlineData("08", "dicom.format")]
    [InlineData("09", "dicom.format")]
    [InlineData("10", "dicom.format")]
    [InlineData("11", "dicom.format")]
    [InlineData("12", "dicom.format")]
    [InlineData("15", "dicom.format")]
    [InlineData("21", "dicom.truncated")]
    [InlineData("22", "dicom.truncated")]
    [InlineData("24", "dicom.truncated")]
    [InlineData("25", "dicom.truncated")]
    [InlineData("26", "dicom.truncated")]
    [InlineData("27", "dicom.truncated")]
    [InlineData("28", "dicom.truncated")]
    [InlineData("31", "dicom.length")]
    [InlineData("32", "dicom.length")]
    [InlineData("33", "dicom.length")]
    [InlineData("40", "dicom.depth")]
    [InlineData("41", "dicom.depth")]
    [InlineData("42", "dicom.truncated")]
    [InlineData("43", "dicom.depth")]
    [InlineData("44", "dicom.length")]
    [InlineData("46", "dicom.length")]
    [InlineData("47", "dicom.format")]
    [InlineData("49", "dicom.transfer-syntax")]
    [InlineData("51", "dicom.transfer-syntax")]
    [InlineData("53", "dicom.truncated")]
    [InlineData("54", "dicom.inflation")]
    [InlineData("55", "dicom.uid")]
    [InlineData("56", "dicom.uid")]
    [InlineData("38", "dicom.identity")]
    [InlineData("83", "dicom.uid")]
    [InlineData("84", "dicom.uid")]
    [InlineData("85", "dicom.uid")]
    public void Scan_refuses_the_damaged_file_with_its_code(string number, string code)
    {
        Assert.Equal(code, Assert.IsType<ScanResult.Refused>(Part10Scan.Scan(NumberedFile(number))).Code);
    }

    [Theory]
    [InlineData("13", 0, 0)] // no preamble
    [InlineData("14", 0, 0)] // no file meta information: a bare data set
    [InlineData("52", 0, 0)] // deflated
    [InlineData("16", 1, 512)] // trailing garbage
    [InlineData("17", 2, 4096)] // trailing zeros: a blank VR, then padding
    [InlineData("20", 2, 9594)] // a second file behind the first
    [InlineData("29", 1, 0)] // odd length
    [InlineData("34", 0, 0)] // wrong meta group length
    [InlineData("35", 0, 0)]
    [InlineData("36", 1, 0)] // VR ZZ
    [InlineData("37", 1, 0)] // blank VR
    [InlineData("39", 0, 0)] // out of order
    [InlineData("45", 4, 0)] // stray delimiters
    public void Scan_walks_over_what_harms_nobody_and_counts_it(string number, int faults, long trailingBytes)
    {
        var file = NumberedFile(number);

        var header = Assert.IsType<ScanResult.Sound>(Part10Scan.Scan(file)).Header;

        Assert.Equal(faults, header.ToleratedFaults);
        Assert.Equal(trailingBytes, new FileInfo(file).Length - header.DataSetEnd);
    }

    private static string NumberedFile(string number) =>
        Assert.Single(Directory.GetFiles(SharedData.Path("data/bad-input/files"), $"{number}-*"));
}
