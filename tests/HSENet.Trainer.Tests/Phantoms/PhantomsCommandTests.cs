using HSENet.Dicom.Phantoms;
using HSENet.Dicom.Series;
using HSENet.TestKit;
using HSENet.Trainer.Commands;
using HSENet.Trainer.Data;
using HSENet.Trainer.Phantoms;

namespace HSENet.Trainer.Tests.Phantoms;

public sealed class PhantomsCommandTests : IDisposable
{
    private readonly TempFolder _folder = new("phantoms");

    [Fact]
    public void Volumes_and_manifest_are_written_and_read_back()
    {
        var (code, output, error) = Run("a", "--count", "6", "--seed", "4", "--size", "32x64x72");
        Assert.True(code == ExitCode.Done, error);
        Assert.Contains("6 cases", output, StringComparison.Ordinal);

        var manifest = ManifestReader.Read(_folder.Path("a", "manifest.jsonl"));
        Assert.Empty(manifest.Bad);
        Assert.Equal(Enumerable.Range(0, 6).Select(i => $"phantom-4-{i:D6}"), manifest.Items.Select(item => item.Id));
        for (var i = 0; i < 6; i++)
        {
            var made = PhantomCorpus.Make(new() { Count = 6, Seed = 4, Size = (32, 64, 72) }, i);
            Assert.Equal(ManifestWriter.Line(made.Item), ManifestWriter.Line(manifest.Items[i]));
            var volume = HuVolumeFile.Read(manifest.Resolve(manifest.Items[i].Volume));
            Assert.Equal(made.Case.Volume.Hu, volume.Hu);
            Assert.Equal((32, 64, 72), volume.Shape);
            Assert.Equal((10, 5.625, 5), volume.SpacingMm);
            Assert.Equal(('S', 'P', 'L'), volume.Axes);
        }
    }

    [Fact]
    public void The_same_seed_gives_the_same_bytes_and_a_larger_count_begins_with_the_same_cases()
    {
        Assert.Equal(ExitCode.Done, Run("a", "--count", "5").Code);
        Assert.Equal(ExitCode.Done, Run("b", "--count", "9").Code);
        Assert.Equal(File.ReadAllLines(_folder.Path("a", "manifest.jsonl")), File.ReadLines(_folder.Path("b", "manifest.jsonl")).Take(5));
        foreach (var file in Directory.GetFiles(_folder.Path("a", "volumes")))
        {
            Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(_folder.Path("b", "volumes", Path.GetFileName(file))));
        }
    }

    [Fact]
    public void Dicom_series_hold_the_same_voxels_and_pass_the_geometry_gate()
    {
        var (code, _, error) = Run("d", "--count", "1", "--seed", "2", "--dicom", "--size", "64x64x64");
        Assert.True(code == ExitCode.Done, error);
        var manifest = ManifestReader.Read(_folder.Path("d", "manifest.jsonl"));
        var files = Directory.GetFiles(manifest.Resolve(manifest.Items[0].Volume)).Order(StringComparer.Ordinal).ToArray();
        Assert.Equal(64, files.Length);
        var reading = Assert.IsType<SeriesReading.Readable>(VolumeReader.Read(files, CancellationToken.None));
        Assert.Equal(ChestPhantom.CreateCase(PhantomCorpus.CaseSeed(2, 0), 64, 64, 64, new()).Volume.HuSha256(), reading.Volume.HuSha256());
    }

    [Fact]
    public void Nothing_is_overwritten()
    {
        Assert.Equal(ExitCode.Done, Run("a", "--count", "1").Code);
        Assert.StartsWith("error manifest.exists: ", Run("a", "--count", "1").Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--count", "0")]
    [InlineData("--count", "x")]
    [InlineData("--seed", "3")]
    [InlineData("--count", "2", "--size", "3x4")]
    [InlineData("--count", "2", "--size", "3x4x0")]
    [InlineData("--count", "2", "--size", "16x64x64")]
    [InlineData("--count", "2", "--life-size")]
    [InlineData("--count", "2", "--count", "2")]
    public void A_wrong_command_line_is_told(params string[] args) => Assert.Equal(ExitCode.Usage, Run("x", args).Code);

    public void Dispose() => _folder.Dispose();

    private (int Code, string Output, string Error) Run(string folder, params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        return (TrainerCommands.Run(["phantoms", "--out", _folder.Path(folder), .. args], output, error), output.ToString(), error.ToString());
    }
}
