using FellowOakDicom;
using HSENet.Dicom.Files;
using HSENet.Dicom.Reports;
using HSENet.Dicom.Series;
using HSENet.Dicom.Tests.Series;
using HSENet.Dicom.Text;
using HSENet.TestKit;

namespace HSENet.Dicom.Tests.Reports;

/// <summary>The document before real validators, and its text before real readers.</summary>
public class ReportValidatorTests
{
    [Theory]
    [InlineData("plain")]
    [InlineData("partial")]
    [InlineData("request")]
    [InlineData("predecessor")]
    [InlineData("empty")]
    public async Task Validators_find_nothing(string variant)
    {
        var report = variant switch
        {
            "partial" => ReportFixture.Report() with { PartialReason = "token limit reached", Impression = "" },
            "request" => ReportFixture.Report(AddRequest),
            "predecessor" => ReportFixture.Report() with { Predecessor = ("2.25.10", "2.25.11") },
            "empty" => ReportFixture.Report(d => d.Remove(DicomTag.PatientName, DicomTag.PatientID, DicomTag.StudyDate, DicomTag.StudyTime, DicomTag.Manufacturer)),
            _ => ReportFixture.Report(),
        };
        await IsValidAsync(report);
    }

    [Theory]
    [InlineData("lung-dx-a0001-lung")]
    [InlineData("mini-lidc-0314")]
    public async Task Validators_find_nothing_in_a_report_on_a_real_chest(string name)
    {
        var files = Directory.GetFiles(SharedData.Path("data/chest-ct/" + name), "*.dcm");
        await IsValidAsync(ReportFixture.Report() with { Source = SeriesAssert.Readable(VolumeReader.Read(files, default)).Source });
    }

    [Theory]
    [InlineData("ISO_IR 100", "Müller^José")]
    [InlineData("ISO_IR 192", "Wang^XiaoDong=王^小东")]
    public async Task Names_are_written_as_utf_8_whatever_the_source_was_written_in(string characterSet, string name)
    {
        using var folder = new TempFolder("report");
        var series = new CtSeriesBuilder { Edit = (_, d) => d.AddOrUpdate(DicomTag.SpecificCharacterSet, characterSet).AddOrUpdate(DicomTag.PatientName, name) };
        var source = SeriesAssert.Readable(VolumeReader.Read(series.Write(folder.Path("series")), default)).Source;
        var file = folder.Path("report.dcm");
        DraftReportDocument.Build(ReportFixture.Report() with { Source = source, Findings = "Köhler’s 王 sign." }).Save(file);
        var dump = (await Dcmtk.RunAsync("dcmdump", "-q", "+L", "-Un", file)).Succeeded().Output;
        Assert.Contains($"[{name}]", dump, StringComparison.Ordinal);
        Assert.Contains("[ISO_IR 192]", dump, StringComparison.Ordinal);
        Assert.Contains("Köhler’s 王 sign.", dump, StringComparison.Ordinal);
        Assert.Equal(name, DicomFile.Open(file).Dataset.GetString(DicomTag.PatientName));
    }

    /// <summary>Its series is written by the toolkit: a weak one cannot.</summary>
    [Fact]
    [Trait("Weakness", "input")]
    public Task Names_in_Cyrillic_are_written_as_utf_8() => Names_are_written_as_utf_8_whatever_the_source_was_written_in("ISO_IR 144", "Люкceмбypг");

    [Theory]
    [InlineData("chrFren.dcm")]
    [InlineData("chrGerm.dcm")]
    [InlineData("chrRuss.dcm")]
    [InlineData("chrArab.dcm")]
    [InlineData("chrGreek.dcm")]
    [InlineData("chrHbrw.dcm")]
    [InlineData("chrX1.dcm")]
    public async Task Names_of_the_character_set_samples_come_through(string sample)
    {
        using var folder = new TempFolder("report");
        var header = DicomFile.Open(SharedData.Path("data/charsets/" + sample), FileReadOption.SkipLargeTags).Dataset;
        DecodedText.Apply(header); // as the reader of slices does
        var file = folder.Path("report.dcm");
        var report = ReportFixture.Report();
        DraftReportDocument.Build(report with { Source = report.Source with { Header = header } }).Save(file);
        var expected = await NameAsync(SharedData.Path("data/charsets/" + sample));
        Assert.NotEmpty(expected);
        Assert.Equal(expected, await NameAsync(file));
    }

    [Fact]
    public async Task Illegal_values_of_the_source_do_not_make_the_report_illegal()
    {
        var report = ReportFixture.Report(d =>
        {
            d.AddOrUpdate(DicomTag.StudyDescription, new string('x', 64000));
            d.AddOrUpdate(DicomTag.StudyDate, "20251345");
            d.AddOrUpdate(DicomTag.StudyTime, "256199");
            d.AddOrUpdate(DicomTag.PatientSex, "m");
            d.AddOrUpdate(DicomTag.PatientAge, "old");
            d.AddOrUpdate(DicomTag.PatientWeight, "80,5");
            d.AddOrUpdate(DicomTag.PatientID, "A\u001b[31m\r\nB");
            d.AddOrUpdate(DicomTag.PatientName, "<script>alert(1)</script>\t");
        });
        await IsValidAsync(report);
        var document = ReportFixture.Document(report);
        Assert.Equal(("A[31mB", "M", ""), (document.GetString(DicomTag.PatientID), document.GetString(DicomTag.PatientSex), document.GetSingleValueOrDefault(DicomTag.StudyDate, "")));
        Assert.False(document.Contains(DicomTag.PatientWeight));
    }

    /// <summary>Headers of everything that was ever found odd: no source makes the report illegal.</summary>
    [Theory]
    [InlineData("data/charsets")]
    [InlineData("data/sr")]
    [InlineData("data/single-slices")]
    [InlineData("data/localizers")]
    [InlineData("data/bad-input/files")]
    [InlineData("data/bad-input/pwnlab")]
    public async Task Any_header_that_opens_gives_a_legal_report(string path)
    {
        using var folder = new TempFolder("report");
        var built = 0;
        foreach (var source in Directory.GetFiles(SharedData.Path(path), "*.dcm", SearchOption.AllDirectories))
        {
            if (Part10Scan.Scan(source) is not ScanResult.Sound { Header: var found } || CtSliceReader.Open(source, found, FileReadOption.SkipLargeTags).DataSet is not { } header)
                continue;

            var file = folder.Path($"{built++}.dcm");
            var report = ReportFixture.Report();
            DraftReportDocument.Build(report with { Source = report.Source with { Header = header } }).Save(file);
            var findings = await Dciodvfy.CheckAsync(file);
            Assert.True(findings.Errors.Count == 0, $"{source}\n{findings.Result.Everything}");
        }

        Assert.NotEqual(0, built);
    }

    private static void AddRequest(DicomDataset source)
    {
        source.AddOrUpdate(DicomTag.AccessionNumber, "ACC7");
        source.Add(new DicomSequence(DicomTag.RequestAttributesSequence, new DicomDataset { { DicomTag.RequestedProcedureID, "RP1" } }));
        source.Add(new DicomSequence(DicomTag.ProcedureCodeSequence,
            new DicomDataset { { DicomTag.CodeValue, "CTTHX" }, { DicomTag.CodingSchemeDesignator, "99SITE" }, { DicomTag.CodeMeaning, "CT Thorax" } }));
    }

    /// <summary>dciodvfy: no Error and no Warning but those of the list; dsrdump: nothing, and the notice is to be seen.</summary>
    private static async Task IsValidAsync(DraftReport report)
    {
        using var folder = new TempFolder("report");
        var file = folder.Path("report.dcm");
        DraftReportDocument.Build(report).Save(file);
        await Dciodvfy.IsCleanReportAsync(file);
        var dump = await Dsrdump.CheckAsync(file, "+Pl");
        dump.AreClean();
        Assert.Contains(DraftReportDocument.DraftSentence, dump.Result.Output, StringComparison.Ordinal);
    }

    /// <summary>Patient's Name as DCMTK reads it, in UTF-8.</summary>
    private static async Task<string> NameAsync(string file)
    {
        var dump = (await Dcmtk.RunAsync("dcmdump", "-q", "-Un", "+U8", "+P", "0010,0010", file)).Succeeded().Output;
        return dump.Split('[', ']').ElementAtOrDefault(1)?.Trim() ?? "";
    }
}
