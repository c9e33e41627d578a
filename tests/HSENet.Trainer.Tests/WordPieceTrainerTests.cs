using HSENet.Model.Text;
using HSENet.TestKit;
using HSENet.Trainer.Phantoms;
using HSENet.Trainer.Tokenizers;

namespace HSENet.Trainer.Tests;

public sealed class WordPieceTrainerTests
{
    private const int Single = 5 + 68 + 36;   // special tokens, ASCII without capitals, continuing letters and digits

    [Fact]
    public void Special_tokens_come_first_then_single_characters()
    {
        var pieces = WordPieceTrainer.Train(["ab"], Single);
        Assert.Equal(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "!"], pieces.Take(6));
        Assert.Equal(Single, pieces.Count);
        Assert.Equal("tokenizer.size", Assert.Throws<TrainerException>(() => WordPieceTrainer.Train(["ab"], Single - 1)).Code);
    }

    [Fact]
    public void The_most_frequent_pair_is_merged_first_and_ties_go_by_ordinal_order()
    {
        Assert.Equal(["##ab", "xab"], Learned(["xab xab yab"], 2));
        Assert.Equal(["ab", "cd"], Learned(["cd ab"], 2));
        Assert.Equal(["ab", "cd"], Learned(["ab cd"], 50));
    }

    [Fact]
    public void The_text_is_cut_as_the_tokenizer_cuts_it() => Assert.Equal(["##ng", "##ung", "lung"], Learned(["Lung, LUNG.lüng"], 3));

    [Fact]
    public void The_vocabulary_reads_back_and_knows_the_words_of_its_corpus()
    {
        using var folder = new TempFolder("wordpiece");
        var reports = Enumerable.Range(0, 60).Select(i => PhantomCorpus.Make(new() { Count = 60, Seed = 3, Size = (32, 64, 64) }, i).Item.Findings!).ToList();
        var pieces = WordPieceTrainer.Train(reports, 400);
        Assert.Equal(pieces, WordPieceTrainer.Train(reports.AsEnumerable().Reverse(), 400));
        WordPieceTrainer.Write(folder.Path("vocab.txt"), pieces);
        var tokenizer = WordPieceTokenizer.Open(folder.Path("vocab.txt"));
        Assert.Equal(pieces.Count, tokenizer.VocabularySize);
        Assert.InRange(pieces.Count, 200, 400);

        var unknown = tokenizer.AddedToken(WordPieceTokenizer.Unknown)!.Value;
        foreach (var report in reports)
        {
            var (ids, words) = (tokenizer.Encode(report), BertText.Words(report).ToList());
            Assert.DoesNotContain(unknown, ids);
            Assert.InRange(ids.Count, words.Count, words.Count * 1.3);
            Assert.Equal(string.Join(' ', words), tokenizer.Decode(ids));
        }

        Assert.DoesNotContain(unknown, tokenizer.Encode("Quixotic 1234.5 zebra-jumps!"));
        Assert.Contains(unknown, tokenizer.Encode("\u03B1"));
    }

    [Fact]
    public void A_reader_of_a_vocabulary_that_is_written_again_finds_a_whole_one()
    {
        using var folder = new TempFolder("wordpiece");
        var path = folder.Path("vocab.txt");
        string[] pieces = [.. Enumerable.Range(0, 200).Select(i => $"piece{i}")];
        WordPieceTrainer.Write(path, pieces);
        using var reader = new StreamReader(path);   // another process, which opened it a moment ago
        WordPieceTrainer.Write(path, pieces.Take(1));
        Assert.Equal(string.Concat(pieces.Select(piece => piece + "\n")), reader.ReadToEnd());
        Assert.Equal("piece0\n", File.ReadAllText(path));

        Assert.Throws<InvalidOperationException>(() => WordPieceTrainer.Write(path, pieces.Select((piece, i) => i < 9 ? piece : throw new InvalidOperationException("cut"))));
        Assert.Equal([path], Directory.GetFiles(folder.Root));
        Assert.Equal("piece0\n", File.ReadAllText(path));
    }

    private static IEnumerable<string> Learned(string[] texts, int merges) => WordPieceTrainer.Train(texts, Single + merges).Skip(Single);
}
