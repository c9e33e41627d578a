using FellowOakDicom;
using HSENet.Dicom.Files;
using HSENet.Dicom.Series;
using HSENet.Dicom.Tests.Files;
using HSENet.TestKit;

namespace HSENet.Dicom.Tests.Series;

/// <summary>The scan and the parser agree: what is taken can be read afterwards.</summary>
public sealed class InstanceScanTests
{
    private const string Implicit = "1.2.840.10008.1.2";
    private const string Explicit = "1.2.840.10008.1.2.1";

    [Fact]
    public void Text_where_the_dictionary_has_a_sequence_is_taken_only_if_it_can_be_read()
    {
        var file = new DataSetBytes(isExplicit: false).Identity().Text(0x00120064, "LO", "De-identification by hand").ToFile();
        Assert.NotEqual(0, Part10ScanTests.Sound(file).ToleratedFaults);
        AgreesWithTheParser(file);
    }

    /// <summary>Private sequences of undefined length whose delimiters are missing.</summary>
    [Theory]
    [InlineData(Implicit, 1)]
    [InlineData(Implicit, 3)]
    [InlineData(Explicit, 1)]
    [InlineData(Explicit, 3)]
    public void Private_elements_without_their_delimiters_are_taken_only_if_they_can_be_read(string transferSyntax, int count)
    {
        foreach (var withItem in new[] { false, true })
        {
            var data = new DataSetBytes(transferSyntax == Explicit).Identity().Text(0x00290010, "LO", "SOMEBODY");
            for (var i = 0; i < count; i++)
            {
                data.Header(0x00291010 + (uint)i, "UN", DataSetBytes.Undefined);
                if (withItem)
                    data.Item(DataSetBytes.Undefined).ItemEnd();
            }

            AgreesWithTheParser(data.Element(0x7FE00010, "OW", new byte[64]).ToFile(transferSyntax));
        }
    }

    [Fact]
    public void A_file_with_faults_and_endless_elements_is_not_parsed_while_its_sender_waits()
    {
        var data = new DataSetBytes(isExplicit: false).Identity().Text(0x00120064, "LO", "text").Header(0x0040A730, "SQ", DataSetBytes.Undefined);
        for (var i = 0; i < 50_000; i++)
            data.Item(0);

        Assert.Equal("dicom.items", Refusal(data.SequenceEnd().ToFile()));
        Assert.Null(Refusal(new DataSetBytes(isExplicit: false).Identity().Header(0x0040A730, "SQ", DataSetBytes.Undefined).Item(0).SequenceEnd().ToFile()));
    }

    /// <summary>
    /// Single bytes of sound files set to their extremes, and random changes: what the scan finds no fault in, the toolkit parses.
    /// </summary>
    [Theory]
    [InlineData(Implicit, 11)]
    [InlineData(Explicit, 12)]
    public void What_the_scan_finds_no_fault_in_is_parsed(string transferSyntax, int seed)
    {
        var sound = Sample(transferSyntax);
        var random = new Random(seed);
        var (parsed, differences) = (0, new List<string>());
        for (var round = 0; round < 12_000; round++)
        {
            var changed = (byte[])sound.Clone();
            for (var change = random.Next(1, 4); change > 0; change--)
                changed[random.Next(132, changed.Length)] = random.Next(3) switch { 0 => 0, 1 => 0xFF, _ => (byte)random.Next(256) };
            if (Part10Scan.Scan(new MemoryStream(changed)) is not ScanResult.Sound { Header: { ToleratedFaults: 0 } header } || !CtSliceReader.IsOpened(header))
                continue;

            parsed++;
            if (Parse(changed, header) is { } problem)
                differences.Add($"round {round}: {problem}");
        }

        Assert.InRange(parsed, 100, 12_000);
        Assert.True(differences.Count == 0, $"{differences.Count} of {parsed}: {string.Join('\n', differences.Take(10))}");
    }

    private static void AgreesWithTheParser(byte[] file)
    {
        var isReadable = Part10Scan.Scan(new MemoryStream(file)) is ScanResult.Sound { Header: var header } && Parse(file, header) is null;
        var refusal = Refusal(file);
        Assert.True(isReadable == refusal is null, $"readable {isReadable}, refused as {refusal}");
    }

    /// <summary>The code that the instance is refused with; null when it is taken.</summary>
    private static string? Refusal(byte[] file)
    {
        using var folder = new TempFolder("scan");
        File.WriteAllBytes(folder.Path("a.dcm"), file);
        return (InstanceScan.Scan(folder.Path("a.dcm")) as ScanResult.Refused)?.Code;
    }

    private static string? Parse(byte[] file, InstanceHeader header)
    {
        try
        {
            _ = DicomFile.Open(new MemoryStream(file, 0, (int)(header.DataSetEnd > 0 ? header.DataSetEnd : file.Length)), FileReadOption.SkipLargeTags).Dataset.Count();
            return null;
        }
#pragma warning disable CA1031 // whatever it is
        catch (Exception e)
#pragma warning restore CA1031
        {
            return e.GetType().Name + " " + e.Message;
        }
    }

    private static byte[] Sample(string transferSyntax)
    {
        var isExplicit = transferSyntax == Explicit;
        var code = new DataSetBytes(isExplicit).Text(0x00080100, "SH", "24627-2 ").Text(0x00080104, "LO", "CT Chest Report").ToArray();
        return new DataSetBytes(isExplicit).Identity().Text(0x00080060, "CS", "CT").Text(0x00100010, "PN", "Test^Person").Text(0x00100020, "LO", "ID-1")
            .Header(0x00081032, "SQ", DataSetBytes.Undefined).Item((uint)code.Length).Raw(code).SequenceEnd()
            .Element(0x00281050, "DS", "40  "u8.ToArray()).Element(0x00280010, "US", [8, 0]).Element(0x00091010, "UN", [1, 2, 3, 4])
            .Element(0x7FE00010, "OW", new byte[64]).ToFile(transferSyntax);
    }
}
