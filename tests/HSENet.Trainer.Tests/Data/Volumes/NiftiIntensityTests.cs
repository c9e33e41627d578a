using HSENet.Trainer.Data;
using HSENet.Trainer.Data.Volumes;

namespace HSENet.Trainer.Tests.Data.Volumes;

/// <summary>The CT-RATE trap (ml.md 7.1): files with stored values beside files that hold HU, and one table for both.</summary>
public sealed class NiftiIntensityTests : IDisposable
{
    private static readonly RescaleValues s_table = new(1, -1024);
    private readonly PhantomStudies _studies = new();

    [Theory]
    [InlineData(1, -1024)]
    [InlineData(1, -8192)]
    [InlineData(0.5, -1024)]
    [InlineData(2, -1023.5)]
    public void Stored_values_are_rescaled_by_the_table(double slope, double intercept)
    {
        var volume = PhantomStudies.Draw(3);
        _studies.WriteNifti("stored.nii.gz", volume, store: hu => Math.Round((hu - intercept) / slope));
        var (input, choice) = NiftiIntensity.Read(_studies.Folder.Path("stored.nii.gz"), new(slope, intercept), IntensityRule.Auto);
        Assert.Equal(IntensityChoice.Table, choice);
        var tolerance = slope == 1 ? 0 : 1;
        Assert.All(volume.Hu.Zip(input.Hu), pair => Assert.InRange(pair.First - pair.Second, -tolerance, tolerance));
    }

    [Fact]
    public void Hu_stay_although_the_table_has_values()
    {
        var volume = PhantomStudies.Draw(3);
        _studies.WriteNifti("fixed.nii.gz", volume);
        var (input, choice) = NiftiIntensity.Read(_studies.Folder.Path("fixed.nii.gz"), s_table, IntensityRule.Auto);
        Assert.Equal(IntensityChoice.AlreadyHu, choice);
        Assert.Equal(volume.Hu, input.Hu);
    }

    [Fact]
    public void Slope_and_intercept_of_the_header_come_first()
    {
        var volume = PhantomStudies.Draw(3);
        _studies.WriteNifti("header.nii", volume, store: hu => hu + 1024, change: b => b with { Slope = 1, Intercept = -1024 });
        var (input, choice) = NiftiIntensity.Read(_studies.Folder.Path("header.nii"), s_table, IntensityRule.Auto);
        Assert.Equal(IntensityChoice.AlreadyHu, choice);
        Assert.Equal(volume.Hu, input.Hu);
    }

    [Fact]
    public void Padding_outside_of_the_scanned_circle_does_not_count()
    {
        var volume = PhantomStudies.Draw(3);
        var padded = volume with { Hu = [.. volume.Hu.Select((hu, at) => IsOutside(at, volume.Rows, volume.Columns) ? (short)-2000 : (short)(hu + 1024))] };
        _studies.WriteNifti("padded.nii", padded);
        Assert.Equal(IntensityChoice.Table, NiftiIntensity.Read(_studies.Folder.Path("padded.nii"), s_table, IntensityRule.Auto).Choice);
    }

    [Fact]
    public void The_choice_can_be_overridden()
    {
        var volume = PhantomStudies.Draw(3);
        _studies.WriteNifti("a.nii", volume);
        Assert.Equal(IntensityChoice.Table, NiftiIntensity.Read(_studies.Folder.Path("a.nii"), s_table, IntensityRule.Table).Choice);
        _studies.WriteNifti("b.nii", volume, store: hu => hu + 1024);
        Assert.Equal(IntensityChoice.AlreadyHu, NiftiIntensity.Read(_studies.Folder.Path("b.nii"), s_table, IntensityRule.Hu).Choice);
        Assert.Equal(IntensityChoice.File, NiftiIntensity.Read(_studies.Folder.Path("b.nii"), null, IntensityRule.Auto).Choice);
    }

    [Fact]
    public void The_choices_are_counted_in_the_report()
    {
        var volume = PhantomStudies.Draw(3);
        _studies.WriteNifti("hu.nii", volume);
        _studies.WriteNifti("stored.nii", volume, store: hu => hu + 1024);
        string[] names = ["hu.nii", "stored.nii"];
        using var data = _studies.Prepare(new(_studies.Folder.Root, [.. names.Select(name => PhantomStudies.Item(name, name) with { Rescale = s_table })], []));
        Assert.Equal(data.Load(0).Volume, data.Load(1).Volume);
        using var text = new StringWriter();
        data.Report(text);
        Assert.Contains("intensities: 1 by the manifest's slope and intercept, 1 held HU already", text.ToString(), StringComparison.Ordinal);
    }

    public void Dispose() => _studies.Dispose();

    private static bool IsOutside(int at, int rows, int columns)
    {
        var (y, x) = ((2 * ((at / columns % rows) + 0.5) / rows) - 1, (2 * ((at % columns) + 0.5) / columns) - 1);
        return (x * x) + (y * y) > 0.98;
    }
}
