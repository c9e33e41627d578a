using HSENet.Trainer.Evaluation.Pages;

namespace HSENet.Trainer.Tests.Evaluation.Pages;

public sealed class PagePartTests
{
    [Fact]
    public void Words_of_one_text_only_are_marked_and_text_is_never_markup()
    {
        var (reference, generated) = TextDifference.Mark("A nodule is seen in the right lung.", "a <b>mass</b> is seen in the left lung");
        Assert.Equal("A <del>nodule</del> is seen in the <del>right</del> lung.", reference);
        Assert.Equal("a <ins>&lt;b&gt;mass&lt;/b&gt;</ins> is seen in the <ins>left</ins> lung", generated);
        Assert.Equal(("<del>gone</del>", ""), TextDifference.Mark("gone", " "));
    }

    [Theory]
    [InlineData("SLP", false)]
    [InlineData("SRP", false)]
    [InlineData("SPL", false)]
    [InlineData("IRA", false)]
    [InlineData("SAR", false)]
    [InlineData("LPS", true)]
    public void View_shows_the_patients_left_on_the_right_whatever_the_array(string axes, bool asItIs)
    {
        // a mark at the patient's left, back, head end of an array of 2 x 3 x 4
        var size = (D: 2, H: 3, W: 4);
        int End(int axis, int length) => axes[axis] is 'S' or 'L' or 'P' ? length - 1 : 0;
        var values = new float[24];
        values[(((End(0, 2) * 3) + End(1, 3)) * 4) + End(2, 4)] = 1;
        var view = new PatientView(axes);
        Assert.Equal(!asItIs, view.IsPatient);
        var (depths, rows, columns) = view.Size(size);
        Assert.Equal(24, depths * rows * columns);
        if (!asItIs)
        {
            Assert.Equal(23, Array.IndexOf(view.Turn(values, size), 1f));   // last depth, last row, last column
        }
    }

    [Fact]
    public void Axes_of_a_view_keep_their_lengths()
    {
        Assert.Equal((2, 4, 3), new PatientView("SLP").Size((2, 3, 4)));
        Assert.Equal((2, 3, 4), new PatientView("SPL").Size((2, 3, 4)));
    }

    [Fact]
    public void Colours_grow_lighter_with_the_score()
    {
        var lightness = Enumerable.Range(0, 101).Select(i => ScoreColors.Of(i / 100.0)).Select(c => (0.2126 * c.R) + (0.7152 * c.G) + (0.0722 * c.B)).ToArray();
        Assert.All(lightness.Zip(lightness.Skip(1)), pair => Assert.True(pair.Second >= pair.First));
        Assert.Equal(ScoreColors.Of(0), ScoreColors.Of(-1));
        Assert.Equal(ScoreColors.Of(1), ScoreColors.Of(2));
    }
}
