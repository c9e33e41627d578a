using HSENet.TestKit;
using HSENet.Trainer.Data;

namespace HSENet.Trainer.Tests.Data;

public sealed class ManifestTests : IDisposable
{
    private readonly TempFolder _folder = new("manifest");

    public ManifestTests()
    {
        File.WriteAllText(_folder.Path("a.nii.gz"), "");
        File.WriteAllText(_folder.Path("a.txt"), "");
        _folder.Folder("series");
    }

    [Theory]
    [InlineData("""{"id":"n","volume":"a\u0000.nii.gz","findings":"Normal."}""")]
    [InlineData("""{"id":"n\u0000","volume":"a.nii.gz","findings":"Normal."}""")]
    [InlineData("""{"id":"n","volume":"a.nii.gz","findings":"Nor\u0000mal."}""")]
    [InlineData("""{"id":"n","volume":"a.nii.gz","findings":"Normal.","slice_features":"\u0000"}""")]
    [InlineData("""{"id":"n","volume":"a.nii.gz","findings":"Normal.","labels":{"Emphysema\u0000":true}}""")]
    [InlineData("""{"id":"n\ud800","volume":"a.nii.gz","findings":"Normal."}""")]
    public void A_line_with_the_character_zero_or_half_a_character_is_left_out_and_counted(string line)
    {
        var manifest = Read("""{"id":"1","volume":"a.nii.gz","findings":"Normal."}""", line);
        Assert.Equal("1", Assert.Single(manifest.Items).Id);
        Assert.Equal(("line 2", "manifest.format"), Assert.Single(manifest.Bad.Select(bad => (bad.Name, bad.Code))));
    }

    [Fact]
    public void Names_of_a_manifest_are_printed_without_control_characters()
    {
        var manifest = Read("""{"id":"1","volume":"a.nii.gz","findings":"Normal."}""", """{"id":"\u001b[2Jx","volume":"\u202eb\\n.nii.gz","findings":"Normal."}""");
        using var output = new StringWriter();
        manifest.Report(output);
        Assert.DoesNotContain(output.ToString().ReplaceLineEndings(string.Empty), c => char.IsControl(c) || c == '\u202e');
        Assert.Contains("\\u001b[2Jx", output.ToString(), StringComparison.Ordinal);
        Assert.Equal(2, output.ToString().Count(c => c == '\n'));
    }

    [Fact]
    public void Every_bad_item_is_named_with_its_reason_and_the_good_ones_stay()
    {
        var manifest = Read(
            """{"id":"1","volume":"a.nii.gz","findings":"Normal."}""",
            """{"id":"1","volume":"a.nii.gz","findings":"Normal."}""",
            """{"id":"2","volume":"b.nii.gz","findings":"Normal."}""",
            """{"id":"3","volume":"a.txt","findings":"Normal."}""",
            "{nonsense",
            "",
            """{"volume":"a.nii.gz","findings":"Normal."}""",
            """{"id":"4","volume":"a.nii.gz"}""",
            """{"id":"5","volume":"series","labels":{"Emphysema":true,"Cardiomegaly":false}}""",
            """{"id":"6","volume":"series","questions":[{"kind":"location","answer":"lung","abnormality":"nodule"}]}""",
            """{"id":"7","volume":"series","questions":[{"kind":"colour","question":"Which colour?","answer":"red"}]}""",
            """{"id":"8","volume":"series","findings":"Normal.","spacing_mm":[1,2]}""",
            """{"id":"9","volume":"series","findings":"Normal.","rescale":{"slope":0,"intercept":-1024}}""",
            """{"id":"10","volume":"series","findings":"Normal.","surprise":1}""",
            """{"id":"12","volume":"series","questions":[{"kind":"size","question":"How large?"}]}""",
            """{"id":"13","volume":"series","questions":[{"kind":"size","question":"How large?","answer":null}]}""",
            """{"id":"14","volume":"series","findings":"Normal.","rescale":{"slope":1}}""",
            """{"id":"11","volume":"series","findings":"Normal.","slice_features":"none.npy"}""");
        Assert.Equal(["1", "5", "6"], manifest.Items.Select(item => item.Id));
        Assert.Equal(
            [
                ("1", "manifest.duplicate"), ("2", "manifest.volume"), ("3", "manifest.volume"), ("line 5", "manifest.format"), ("line 7", "manifest.format"),
                ("4", "manifest.empty"), ("7", "manifest.question"), ("8", "manifest.spacing"), ("9", "manifest.rescale"), ("line 14", "manifest.format"),
                ("line 15", "manifest.format"), ("line 16", "manifest.format"), ("line 17", "manifest.format"),
                ("11", "manifest.features"),
            ],
            manifest.Bad.Select(bad => (bad.Name, bad.Code)));

        using var output = new StringWriter();
        manifest.Report(output);
        Assert.StartsWith("3 items, 14 left out\n  left out: 1: manifest.duplicate: line 2", output.ToString(), StringComparison.Ordinal);
        Assert.Equal(15, output.ToString().Count(c => c == '\n'));
    }

    [Theory]
    [InlineData("""{"kind":"presence","answer":"yes","abnormality":"nodule"}""", "a presence question has no text; templates are for locations only.")]
    [InlineData("""{"kind":"size","question":" ","answer":"5 mm","abnormality":"nodule"}""", "a size question has no text; templates are for locations only.")]
    [InlineData("""{"kind":"location","answer":"lung"}""", "a location question has neither text nor abnormality.")]
    [InlineData("""{"kind":"location","question":"Where?","answer":" "}""", "a location question has no answer.")]
    [InlineData("""{"kind":"colour","question":"Which?","answer":"red"}""", "a colour question has an unknown kind.")]
    public void A_question_that_cannot_be_asked_leaves_its_item_out(string question, string detail)
    {
        var manifest = Read(
            """{"id":"1","volume":"series","questions":[{"kind":"location","answer":"lung","abnormality":"nodule"},QUESTION]}""".Replace("QUESTION", question, StringComparison.Ordinal),
            """{"id":"2","volume":"series","questions":[{"kind":"presence","question":"Any nodule?","answer":"yes"}]}""");
        Assert.Equal(["2"], manifest.Items.Select(item => item.Id));
        Assert.Equal([new BadItem("1", "manifest.question", detail)], manifest.Bad);
    }

    [Fact]
    public void A_manifest_without_a_usable_item_is_an_error()
    {
        var error = Assert.Throws<TrainerException>(() => Read("""{"id":"2","volume":"b.nii.gz","findings":"Normal."}"""));
        Assert.Equal("manifest.none", error.Code);
        Assert.Contains("b.nii.gz", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Everything_of_an_item_is_written_and_read_back()
    {
        var item = new ManifestItem
        {
            Id = "x/1",
            Volume = "a.nii.gz",
            Rescale = new(1, -1024),
            SpacingMm = [0.7, 0.7, 1.5],
            Findings = "Two lines,\n\"quoted\" ä.",
            Impression = "Normal.",
            Questions = [new("presence", "Is there a nodule?", "yes", "nodule"), new("location", null, "lung", "nodule")],
            Labels = new Dictionary<string, bool> { ["Emphysema"] = true },
            Details = [new("Lung nodule", "right", "upper", 12), new("Pleural effusion", "both", Extent: "small")],
        };
        ManifestWriter.Write(_folder.Path("m.jsonl"), [item]);
        Assert.Single(File.ReadAllLines(_folder.Path("m.jsonl")));
        Assert.Equivalent(item, Assert.Single(ManifestReader.Read(_folder.Path("m.jsonl")).Items), strict: true);
        Assert.Equal("manifest.exists", Assert.Throws<TrainerException>(() => ManifestWriter.Write(_folder.Path("m.jsonl"), [item])).Code);
    }

    [Theory]
    [InlineData("{\"wrong\": 1}", "weights.format")]
    public void A_broken_volume_is_told(string content, string code)
    {
        File.WriteAllText(_folder.Path("v.safetensors"), content);
        Assert.Equal(code, Assert.Throws<HSENet.Model.HSENetModelException>(() => HuVolumeFile.Read(_folder.Path("v.safetensors"))).Code);
    }

    [Fact]
    public void A_safetensors_file_without_a_volume_is_told() =>
        Assert.Equal("volume.format", Assert.Throws<TrainerException>(() => HuVolumeFile.Read(GoldenText.PathOf("losses_small.safetensors"))).Code);

    public void Dispose() => _folder.Dispose();

    private StudyManifest Read(params string[] lines)
    {
        File.WriteAllLines(_folder.Path("lines.jsonl"), lines);
        return ManifestReader.Read(_folder.Path("lines.jsonl"));
    }
}
