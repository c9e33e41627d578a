using HSENet.Model.Preprocessing;

namespace HSENet.Model.Tests.Preprocessing;

/// <summary>However a patient lay and however the file stores the volume, the network sees the same body.</summary>
public sealed class OrientationTests
{
    private static readonly PreprocessSpec s_spec = new() { Image = (8, 16, 24), SliceCount = 4 };

    /// <summary>A block of tissue in air with a bright marker: left, in front, high up.</summary>
    private static readonly PatientVolume s_patient = new((34, 30, 22), (0.9, 0.8, 2), (l, p, s) => (l, p, s) switch
    {
        ( >= 22 and < 26, >= 6 and < 9, >= 14 and < 17) => 150,
        ( >= 4 and < 30, >= 3 and < 27, >= 2 and < 20) => (short)(-800 + (3 * l) + (5 * p) + (7 * s)),
        _ => -1000,
    });

    [Theory]
    [InlineData("SPL", "head first supine")]
    [InlineData("SAR", "head first prone")]
    [InlineData("IPR", "feet first supine")]
    [InlineData("IAL", "feet first prone")]
    [InlineData("IPL", "head first supine, slices from the top")]
    [InlineData("RAS", "NIfTI, right-anterior-superior")]
    [InlineData("LPS", "NIfTI, left-posterior-superior")]
    public void A_marker_in_the_left_lung_lands_on_the_same_indices(string axes, string howItLay)
    {
        Assert.NotEmpty(howItLay);
        var result = new VolumePreprocessor(s_spec).Run(s_patient.StoredAs((axes[0], axes[1], axes[2])), CancellationToken.None);

        var brightest = Array.IndexOf(result.Volume, result.Volume.Max());
        var (d, h, w) = (brightest / (16 * 24), brightest / 24 % 16, brightest % 24);
        Assert.Equal(('S', 'L', 'P'), s_spec.Axes);
        Assert.InRange(d, 5, 6);      // (14..17 - 2) / 18 of 8: high up
        Assert.InRange(h, 11, 13);    // (22..26 - 4) / 26 of 16: left
        Assert.InRange(w, 3, 6);      // (6..9 - 3) / 24 of 24: in front
    }

    [Fact]
    public void Every_way_to_store_the_volume_gives_the_same_volume_and_slices()
    {
        var preprocessor = new VolumePreprocessor(s_spec);
        var first = preprocessor.Run(s_patient.StoredAs(('S', 'P', 'L')), CancellationToken.None);

        foreach (var axes in PatientVolume.AllAxes())
        {
            var other = preprocessor.Run(s_patient.StoredAs(axes), CancellationToken.None);
            Assert.Equal(first.Volume, other.Volume);
            Assert.Equal(first.Slices.Pixels, other.Slices.Pixels);
        }
    }

    [Fact]
    public void Axes_of_the_specification_turn_the_volume()
    {
        var input = s_patient.StoredAs(('S', 'P', 'L'));
        var left = new VolumePreprocessor(s_spec).Run(input, CancellationToken.None);
        var right = new VolumePreprocessor(s_spec with { Axes = ('I', 'R', 'P') }).Run(input, CancellationToken.None);

        for (var d = 0; d < 8; d++)
        {
            for (var h = 0; h < 16; h++)
            {
                for (var w = 0; w < 24; w++)
                {
                    Assert.Equal(left.Volume[(((d * 16) + h) * 24) + w], right.Volume[((((7 - d) * 16) + 15 - h) * 24) + w], 1e-5);
                }
            }
        }
    }
}
