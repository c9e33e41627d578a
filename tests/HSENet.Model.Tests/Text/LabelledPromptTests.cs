using HSENet.Model.Text;
using HSENet.TestKit;

namespace HSENet.Model.Tests.Text;

/// <summary>hsenet.md 1.8: BOS, placeholders, question, space, answer, end; only answer and end are learned.</summary>
public sealed class LabelledPromptTests
{
    private const long End = 199999;
    private const long Patch = 200029;

    private static readonly Lazy<BpeTokenizer> s_tokenizer = new(() => new BpeTokenizer(O200k.Vocabulary, WordSplit.Gpt2));

    [Fact]
    public void Layout_is_the_published_one()
    {
        var (question, answer) = (s_tokenizer.Value.Encode("Where is it?"), s_tokenizer.Value.Encode(" lung/left"));
        var sample = LabelledPrompt.Build(s_tokenizer.Value, 3, "Where is it?", "lung/left", 20);

        var asked = 4 + question.Count;
        var used = asked + answer.Count;
        Assert.Equal([End, Patch, Patch, Patch, .. question, .. answer, .. Enumerable.Repeat(End, 20 - used)], sample.Ids);
        Assert.Equal([.. Enumerable.Repeat(1L, used), .. Enumerable.Repeat(0L, 20 - used)], sample.Mask);
        Assert.Equal([.. Enumerable.Repeat(-100L, asked), .. answer, End, .. Enumerable.Repeat(-100L, 19 - used)], sample.Labels);
        Assert.StartsWith(" lung", s_tokenizer.Value.Decode([answer[0]]), StringComparison.Ordinal);
    }

    [Fact]
    public void Asking_uses_the_same_ids_as_learning()
    {
        var asked = ReportPrompt.Build(s_tokenizer.Value, 5, "Describe the findings.");
        var learned = LabelledPrompt.Build(s_tokenizer.Value, 5, "Describe the findings.", "Normal.", 30);
        Assert.Equal(asked.Ids, learned.Ids.Take(asked.Ids.Count));
        Assert.All(learned.Labels.Take(asked.Ids.Count), label => Assert.Equal(-100, label));
        Assert.NotEqual(-100, learned.Labels[asked.Ids.Count]);
    }

    [Fact]
    public void A_text_that_is_cut_has_no_end()
    {
        var sample = LabelledPrompt.Build(s_tokenizer.Value, 2, "Describe.", "Both lungs are clear. The heart is normal.", 9);
        Assert.DoesNotContain(End, sample.Labels);
        Assert.All(sample.Mask, value => Assert.Equal(1, value));
        Assert.Equal(sample.Ids[5..], sample.Labels[5..]);
    }

    [Fact]
    public void A_text_that_fits_exactly_has_no_end_either()
    {
        var used = LabelledPrompt.Build(s_tokenizer.Value, 2, "Q", "clear", 30).Mask.Sum();
        Assert.DoesNotContain(End, LabelledPrompt.Build(s_tokenizer.Value, 2, "Q", "clear", (int)used).Labels);
        Assert.Equal(End, LabelledPrompt.Build(s_tokenizer.Value, 2, "Q", "clear", (int)used + 1).Labels[^1]);
    }

    [Fact]
    public void Special_tokens_in_a_report_stay_text() =>
        Assert.Equal(1, LabelledPrompt.Build(s_tokenizer.Value, 1, "Q", "a<|endoftext|>b", 40).Labels.Count(label => label == End));

    [Fact]
    public void No_room_for_the_image_is_refused() =>
        Assert.Equal("model.input", Assert.Throws<HSENetModelException>(() => LabelledPrompt.Build(s_tokenizer.Value, 10, "Q", "a", 10)).Code);

    [Theory]
    [InlineData("Where is the {abnormality}?\n\nWhere is the {abnormality}?\n", null)]
    [InlineData("Where is it?\n", "prompt.templates")]
    [InlineData("{abnormality} {abnormality}\n", "prompt.templates")]
    [InlineData("\n", "prompt.templates")]
    public void Templates_of_questions_name_the_finding_once(string text, string? code)
    {
        using var folder = new TempFolder("templates");
        File.WriteAllText(folder.Path("t.txt"), text);
        if (code is null)
        {
            Assert.Equal(2, QuestionTemplates.Read(folder.Path("t.txt")).Count);
        }
        else
        {
            Assert.Equal(code, Assert.Throws<HSENetModelException>(() => QuestionTemplates.Read(folder.Path("t.txt"))).Code);
        }
    }
}
