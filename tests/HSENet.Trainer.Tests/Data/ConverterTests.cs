using HSENet.TestKit;
using HSENet.Trainer.Commands;
using HSENet.Trainer.Data;
using HSENet.Trainer.Data.Converters;
using HSENet.Trainer.Evaluation.Labels;

namespace HSENet.Trainer.Tests.Data;

/// <summary>Trees laid out like the published ones, with invented content.</summary>
public sealed class ConverterTests : IDisposable
{
    private readonly TempFolder _folder = new("converters");

    [Fact]
    public void Ct_rate_gives_texts_labels_and_numbers_and_names_what_is_left_out()
    {
        WriteCtRate();
        var made = CtRateConverter.Convert(new(_folder.Root, "validation"));
        Assert.Equal(["valid_1_a_1", "valid_2_a_1"], made.Items.Select(item => item.Id));

        var first = made.Items[0];
        Assert.Equal("Heart is enlarged,\n\"clearly\".", first.Findings);
        Assert.Null(first.Impression);
        Assert.Equal(new RescaleValues(1, -1024), first.Rescale);
        Assert.Equal([0.75, 0.7, 1.5], first.SpacingMm);
        Assert.Equal(18, first.Labels.Count);
        Assert.Equal([ChestLabels.Cardiomegaly], first.Labels.Where(label => label.Value).Select(label => label.Key));
        Assert.EndsWith(Path.Combine("dataset", "valid", "valid_1", "valid_1_a", "valid_1_a_1.nii.gz"), first.Volume, StringComparison.Ordinal);

        Assert.Null(made.Items[1].Rescale); // from valid_fixed: HU already
        Assert.Contains("valid_fixed", made.Items[1].Volume, StringComparison.Ordinal);
        Assert.Equal("Normal.", made.Items[1].Impression);
        Assert.Equal(
            [("valid_3_a_1.nii.gz", "ct-rate.findings"), ("valid_4_a_1.nii.gz", "manifest.volume"), ("valid_5_a_1.nii.gz", "ct-rate.metadata"), ("valid_1_a_1.nii.gz", "manifest.duplicate")],
            made.Bad.Select(bad => (bad.Name, bad.Code)));

        ManifestWriter.Write(_folder.Path("m.jsonl"), made.Items);
        Assert.Empty(ManifestReader.Read(_folder.Path("m.jsonl")).Bad);
    }

    [Fact]
    public void Radgenome_puts_its_questions_onto_the_volumes()
    {
        WriteCtRate();
        var studies = CtRateConverter.Convert(new(_folder.Root, "validation")).Items;
        var location = Write("validation_vqa_location.csv",
            "Volumename,Anatomy,Abnormality", "valid_1_a_1.nii.gz,lung/right lung,nodule", "valid_9_a_1.nii.gz,lung,nodule", "valid_1_a_1.nii.gz,,nodule");
        var made = RadGenomeConverter.Convert(location, studies);
        var item = Assert.Single(made.Items);
        Assert.Equal([new QuestionAnswer("location", null, "lung/right lung", "nodule")], item.Questions);
        Assert.Equal(["manifest.volume", "radgenome.empty"], made.Bad.Select(bad => bad.Code));

        var presence = Write("validation_vqa_presence.csv", "Volumename,Anatomy,Finding,Presence", "valid_1_a_1.nii.gz,heart,cardiomegaly,yes");
        var silent = RadGenomeConverter.Convert(presence, made.Items);
        Assert.Empty(silent.Items);   // nothing but a template for places would be there to ask with
        Assert.Equal(("valid_1_a_1.nii.gz, record 2", "radgenome.question"), (Assert.Single(silent.Bad).Name, silent.Bad[0].Code));
        var size = Write("validation_vqa_size.csv", "Volumename,Anatomy,Abnormality,Size", "valid_1_a_1.nii.gz,lung,nodule,5 mm");
        Assert.Equal("radgenome.question", Assert.Single(RadGenomeConverter.Convert(size, studies).Bad).Code);

        var worded = Write("presence.csv", "Volumename,Anatomy,Finding,Presence,Question", "valid_1_a_1.nii.gz,heart,cardiomegaly,yes,Is the heart large?", "valid_1_a_1.nii.gz,heart,cardiomegaly,yes,");
        var added = RadGenomeConverter.Convert(worded, made.Items);
        Assert.Equal([.. item.Questions, new QuestionAnswer("presence", "Is the heart large?", "yes", "cardiomegaly")], Assert.Single(added.Items).Questions);
        Assert.Equal("radgenome.question", Assert.Single(added.Bad).Code);
        Assert.Equal("radgenome.table", Assert.Throws<TrainerException>(
            () => RadGenomeConverter.Convert(Write("case_disorders.csv", "Volumename,Anatomy,Disorders", "valid_1_a_1.nii.gz,x,y"), studies)).Code);
    }

    [Fact]
    public void The_command_writes_a_manifest_and_tells_what_is_left_out()
    {
        WriteCtRate();
        var (code, output, error) = Run("--layout", "ct-rate", "--root", _folder.Root, "--split", "validation", "--out", _folder.Path("m.jsonl"));
        Assert.True(code == ExitCode.Done, error);
        Assert.StartsWith("2 items, 4 left out\n  left out: valid_3_a_1.nii.gz: ct-rate.findings", output, StringComparison.Ordinal);

        var table = Write("validation_vqa_location.csv", "Volumename,Anatomy,Abnormality", "valid_1_a_1.nii.gz,lung/right lung,nodule");
        Assert.Equal(ExitCode.Done, Run("--layout", "radgenome", "--table", table, "--data", _folder.Path("m.jsonl"), "--out", _folder.Path("sub.jsonl")).Code);
        Assert.Equal("lung/right lung", ManifestReader.Read(_folder.Path("sub.jsonl")).Items.Single().Questions.Single().Answer);

        Assert.StartsWith("error manifest.exists", Run("--layout", "radgenome", "--table", table, "--data", "x", "--out", _folder.Path("sub.jsonl")).Error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Usage, Run("--layout", "other", "--out", "x").Code);
        Assert.Equal(ExitCode.Usage, Run("--layout", "ct-rate", "--root", "x", "--split", "test", "--out", "x").Code);
        Assert.Equal(ExitCode.Usage, Run("--layout", "hsenet", "--out", "x").Code);
    }

    [Fact]
    public void Bimcv_finds_its_volumes_and_columns()
    {
        Touch("CT1", "ct", "one.nii.gz");
        Touch("CT2", "ct", "a.nii.gz");
        Touch("CT2", "ct", "b.nii.gz");
        var table = Write("reports.csv", "study,text", "CT1,Normal.", "CT2,Normal.", "CT3,Normal.", "CT1,Again.", "CT4,", "../x,Normal.");
        var made = BimcvConverter.Convert(_folder.Root, table, new("study", "text"));
        Assert.EndsWith("one.nii.gz", Assert.Single(made.Items).Volume, StringComparison.Ordinal);
        Assert.Equal(["manifest.volume", "manifest.volume", "manifest.duplicate", "bimcv.report", "manifest.volume"], made.Bad.Select(bad => bad.Code));
        Assert.Equal("csv.column", Assert.Throws<TrainerException>(() => BimcvConverter.Convert(_folder.Root, table, new())).Code);
    }

    [Fact]
    public void The_reference_s_own_json_is_read()
    {
        File.WriteAllText(_folder.Path("pairs.json"), """
            {"train": [], "validation": [
              {"image": "v/1.npy", "text": "Normal.", "biomedclip_features": "f/1.npy"},
              {"image": "v/2.npy", "abnormality": "nodule", "anatomy": "lung/right lung"},
              {"image": "v/3.npy"}, 5]}
            """);
        var made = PairsConverter.Convert(_folder.Path("pairs.json"), "validation");
        Assert.Equal((_folder.Path("v", "1.npy"), _folder.Path("f", "1.npy"), "Normal."), (made.Items[0].Volume, made.Items[0].SliceFeatures, made.Items[0].Findings));
        Assert.Equal([new QuestionAnswer("location", null, "lung/right lung", "nodule")], made.Items[1].Questions);
        Assert.Equal(["validation 2", "validation 3"], made.Bad.Select(bad => bad.Name));
        Assert.Equal("pairs.format", Assert.Throws<TrainerException>(() => PairsConverter.Convert(_folder.Path("pairs.json"), "test")).Code);
    }

    [Theory]
    [InlineData("a,b\n1,\"x\n", "csv.format")]
    [InlineData("a,b\n1\n", "csv.format")]
    [InlineData("a,a\n1,2\n", "csv.format")]
    [InlineData("", "csv.format")]
    public void A_broken_table_is_an_error(string content, string code)
    {
        File.WriteAllText(_folder.Path("t.csv"), content);
        Assert.Equal(code, Assert.Throws<TrainerException>(() => CsvFile.Read(_folder.Path("t.csv")).ToArray()).Code);
    }

    [Fact]
    public void Quotes_breaks_and_marks_are_read_as_written()
    {
        File.WriteAllText(_folder.Path("t.csv"), "\uFEFFa,b\r\n\"x, \"\"y\"\"\r\nz\",\r\n\r\n1,\"2\"");
        var rows = CsvFile.Read(_folder.Path("t.csv")).ToArray();
        Assert.Equal([("x, \"y\"\r\nz", ""), ("1", "2")], rows.Select(row => (row["a"], row["b"])));
    }

    public void Dispose() => _folder.Dispose();

    private static (int Code, string Output, string Error) Run(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        return (TrainerCommands.Run(["convert", .. args], output, error), output.ToString(), error.ToString());
    }

    private void WriteCtRate()
    {
        Touch("dataset", "valid", "valid_1", "valid_1_a", "valid_1_a_1.nii.gz");
        Touch("dataset", "valid", "valid_2", "valid_2_a", "valid_2_a_1.nii.gz");
        Touch("dataset", "valid_fixed", "valid_2", "valid_2_a", "valid_2_a_1.nii.gz");
        Touch("dataset", "valid", "valid_3", "valid_3_a", "valid_3_a_1.nii.gz");
        Touch("dataset", "valid", "valid_5", "valid_5_a", "valid_5_a_1.nii.gz");
        Write(
            Path.Combine("dataset", "radiology_text_reports", "validation_reports.csv"),
            "VolumeName,ClinicalInformation_EN,Technique_EN,Findings_EN,Impressions_EN",
            "valid_1_a_1.nii.gz,,,\"Heart is enlarged,\n\"\"clearly\"\".\",Not given.",
            "valid_2_a_1.nii.gz,,,Lungs are clear.,Normal.",
            "valid_3_a_1.nii.gz,,,Not given.,Normal.",
            "valid_4_a_1.nii.gz,,,Lungs are clear.,",
            "valid_5_a_1.nii.gz,,,Lungs are clear.,",
            "valid_1_a_1.nii.gz,,,Again.,");
        var zeros = string.Concat(ChestLabels.CtRate.Select(label => label == ChestLabels.Cardiomegaly ? ",1" : ",0"));
        Write(Path.Combine("dataset", "multi_abnormality_labels", "valid_predicted_labels.csv"), "VolumeName," + string.Join(',', ChestLabels.CtRate), "valid_1_a_1.nii.gz" + zeros);
        Write(
            Path.Combine("dataset", "metadata", "validation_metadata.csv"),
            "VolumeName,Manufacturer,RescaleSlope,RescaleIntercept,XYSpacing,ZSpacing",
            "valid_1_a_1.nii.gz,X,1.0,-1024.0,\"[0.75, 0.7]\",1.5",
            "valid_2_a_1.nii.gz,X,1.0,-8192.0,\"[0.75, 0.75]\",1.5",
            "valid_5_a_1.nii.gz,X,,-8192.0,\"[0.75, 0.75]\",1.5");
    }

    private string Write(string name, params string[] lines)
    {
        var path = _folder.Path(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, string.Join('\n', lines) + "\n");
        return path;
    }

    private void Touch(params string[] parts) => Write(Path.Combine(parts), "");
}
