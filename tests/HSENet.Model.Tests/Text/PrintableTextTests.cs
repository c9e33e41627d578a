using HSENet.Model.Text;

namespace HSENet.Model.Tests.Text;

public sealed class PrintableTextTests
{
    [Theory]
    [InlineData("model.layers.0.weight", "model.layers.0.weight")]
    [InlineData("Müller 肺 🫁", "Müller 肺 🫁")]
    [InlineData("a\u001b[2Jb\r\nc\td\u007f\u0085", "a\\u001b[2Jb\\u000d\\u000ac\\u0009d\\u007f\\u0085")]
    [InlineData("x\u202ey\u2028z\u200bw\ufeff", "x\\u202ey\\u2028z\\u200bw\\ufeff")]
    public void Only_what_a_terminal_or_a_log_would_obey_is_escaped(string text, string printed) => Assert.Equal(printed, PrintableText.Of(text));

    [Fact]
    public void Half_a_pair_is_escaped_and_every_message_of_the_model_is_printable()
    {
        Assert.Equal("a\\ud800b", PrintableText.Of("a" + (char)0xd800 + "b"));
        Assert.Equal("a\\udc00", PrintableText.Of("a" + (char)0xdc00));
        Assert.Equal("tensor 'a\\u000ab' is missing", new HSENetModelException("weights.missing", "tensor 'a\nb' is missing").Message);
    }
}
