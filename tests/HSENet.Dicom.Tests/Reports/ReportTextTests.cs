using HSENet.Dicom.Reports;

namespace HSENet.Dicom.Tests.Reports;

public class ReportTextTests
{
    [Theory]
    [InlineData("a\nb\r\nc\rd", "a\r\nb\r\nc\r\nd")]
    [InlineData("  a \n\n\n\nb\n\n", "  a\r\n\r\nb")]
    [InlineData("a\u0000\u0007\u001b[31mb\u009f", "a[31mb")]
    [InlineData("a\tb\ufeff", "a b")]
    [InlineData("a\u2028b\u000cc", "a\r\nb\r\nc")]
    [InlineData("\n \n", "")]
    [InlineData("café 王 \U0001F600", "café 王 \U0001F600")]
    public void Text_is_normalised(string text, string expected) => Assert.Equal(expected, ReportText.Normalise(text));

    [Fact]
    public void A_broken_surrogate_becomes_the_replacement_character() => Assert.Equal("a\ufffdb", ReportText.Normalise("a\ud800b"));

    [Fact]
    public void An_endless_line_is_broken_and_loses_nothing()
    {
        var words = string.Join(' ', Enumerable.Range(0, 2000));
        var lines = ReportText.Normalise(words).Split("\r\n");
        Assert.All(lines, line => Assert.InRange(line.Length, 1, 1000));
        Assert.Equal(words, string.Join(' ', lines));
        var block = new string('x', 2500);
        Assert.Equal(block, ReportText.Normalise(block).Replace("\r\n", "", StringComparison.Ordinal));
    }

    [Fact]
    public void One_line_fits_its_vr_and_holds_no_delimiter()
    {
        Assert.Equal("a b/c", ReportText.OneLine("a\r\nb\\c", 64));
        Assert.Equal(64, ReportText.OneLine(new string('x', 100), 64).Length);
        Assert.Equal("x", ReportText.OneLine("x\U0001F600", 2));
        Assert.Equal("one two...", ReportText.OneLine("one two, three", 12));
        Assert.Equal("one two three", ReportText.OneLine("one two three", 13));
        Assert.Equal("one...", ReportText.OneLine("one two three", 9));
    }
}
