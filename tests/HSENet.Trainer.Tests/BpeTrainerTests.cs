using HSENet.Model.Text;
using HSENet.TestKit;
using HSENet.Trainer.DemoModels;
using HSENet.Trainer.Tokenizers;

namespace HSENet.Trainer.Tests;

public sealed class BpeTrainerTests
{
    [Fact]
    public void The_most_frequent_pair_is_merged_first()
    {
        var vocabulary = BpeTrainer.Train(["abab abab abab cd"], WordSplit.Gpt2, 3);
        Assert.Equal([("a", "b"), ("ab", "ab"), ("Ġ", "abab")], Take(vocabulary, 3));
        Assert.Equal(259, vocabulary.Tokens.Count);
    }

    [Fact]
    public void Ties_go_to_the_pair_of_lower_ids() =>
        Assert.Equal([("a", "b"), ("c", "d")], Take(BpeTrainer.Train(["cd", "ab"], WordSplit.Gpt2, 2), 2));

    [Fact]
    public void Text_without_pairs_gives_fewer_merges() =>
        Assert.Single(BpeTrainer.Train(["ab"], WordSplit.Gpt2, 50).Merges);

    [Fact]
    public void Special_tokens_follow_the_merges()
    {
        var vocabulary = BpeTrainer.Train(["ab"], WordSplit.Gpt2, 50, "<x>", "<y>");
        Assert.Equal((257, 258), (vocabulary.Added["<x>"], vocabulary.Added["<y>"]));
    }

    [Fact]
    public void The_file_reads_back_and_encodes_alike()
    {
        using var folder = new TempFolder("tokenizer");
        var text = SyllableText.Sentences(new SeededGenerator(1), 50).ToList();
        var vocabulary = BpeTrainer.Train(text, WordSplit.Gpt2, 100, ReportPrompt.BeginToken);
        TokenizerFile.Write(folder.Path("tokenizer.json"), vocabulary);

        var (made, read) = (new BpeTokenizer(vocabulary, WordSplit.Gpt2), new BpeTokenizer(BpeVocabulary.Read(folder.Path("tokenizer.json")), WordSplit.Gpt2));
        foreach (var sentence in text)
        {
            var ids = read.Encode(sentence);
            Assert.Equal(made.Encode(sentence), ids);
            Assert.Equal(sentence, read.Decode(ids));
            Assert.InRange(ids.Count, 1, sentence.Length / 2);
        }
    }

    [Fact]
    public void Generator_repeats_itself_and_is_nearly_normal()
    {
        var random = new SeededGenerator(3);
        var values = Enumerable.Range(0, 20000).Select(_ => random.NextNormal()).ToList();
        var again = new SeededGenerator(3);
        Assert.Equal(values.Take(100), Enumerable.Range(0, 100).Select(_ => again.NextNormal()));
        Assert.InRange(values.Average(), -0.03, 0.03);
        Assert.InRange(Math.Sqrt(values.Average(value => value * value)), 0.98, 1.02);
    }

    private static IEnumerable<(string Left, string Right)> Take(BpeVocabulary vocabulary, int count) => vocabulary.Merges.Take(count);
}
