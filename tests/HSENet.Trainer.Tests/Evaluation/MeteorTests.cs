using HSENet.TestKit;
using HSENet.Trainer.Evaluation.Text;

namespace HSENet.Trainer.Tests.Evaluation;

/// <summary>METEOR against NLTK's values; needs Debian's package wordnet-base.</summary>
public sealed class MeteorTests : IDisposable
{
    private readonly WordNet _wordNet = Open();

    public static TheoryData<int> Cases => [.. Enumerable.Range(0, GoldenText.Section("meteor", "cases").GetArrayLength())];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Meteor_is_that_of_nltk(int index)
    {
        var item = GoldenText.Section("meteor", "cases")[index];
        var (candidate, references) = (item.GetProperty("prediction").GetString()!, item.GetProperty("references").Strings());
        var meteor = new Meteor(_wordNet);
        Assert.Equal(item.GetProperty("score").GetDouble(), references.Max(reference => meteor.Score(candidate, reference)), 1e-9);
        foreach (var (detail, reference) in item.GetProperty("detail").EnumerateArray().Zip(references))
        {
            Assert.Equal(detail.GetProperty("hyp_tokens").Strings(), WordTokenizer.Tokenize(candidate));
            Assert.Equal(detail.GetProperty("ref_tokens").Strings(), WordTokenizer.Tokenize(reference));
            var alignment = meteor.Align(WordTokenizer.Tokenize(candidate), WordTokenizer.Tokenize(reference));
            Assert.Equal(detail.GetProperty("matches").EnumerateArray().Select(pair => (pair[0].GetInt32(), pair[1].GetInt32())), alignment.Matches);
            Assert.Equal(detail.GetProperty("chunks").GetInt32(), alignment.ChunkCount);
        }
    }

    [Fact]
    public void Synonyms_are_those_of_nltk()
    {
        foreach (var item in GoldenText.Section("tokenizers", "wordnet_synonyms_nltk").EnumerateArray())
        {
            Assert.Equal(item[1].Strings().Order(StringComparer.Ordinal), _wordNet.Synonyms(item[0].GetString()!).Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public void Stems_are_those_of_nltk()
    {
        foreach (var item in GoldenText.Section("tokenizers", "porter_stem_nltk").EnumerateArray())
        {
            Assert.Equal(item[1].GetString(), PorterStemmer.Stem(item[0].GetString()!));
        }
    }

    [Fact]
    public void Words_are_those_of_nltk()
    {
        foreach (var item in GoldenText.Section("tokenizers", "nltk_word_tokenize").EnumerateArray())
        {
            Assert.Equal(item[1].Strings(), WordTokenizer.Tokenize(item[0].GetString()!));
        }
    }

    [Theory]
    [InlineData("Seen on Jan. 5 and by Dr. Who. The lungs are clear.", 2)]
    [InlineData("Is it stable? Yes! (No change.) Normal.", 4)]
    [InlineData("A nodule of 3.5 mm. no effusion", 2)]
    [InlineData("Series 3. image 45 is blurred", 1)]
    public void Sentences_end_where_punkt_ends_them(string text, int count) => Assert.Equal(count, SentenceSplitter.Split(text).Count);

    [Fact]
    public void Without_synonyms_the_score_says_so()
    {
        var meteor = new Meteor(null);
        Assert.Equal("METEOR (no synonyms)", meteor.Name);
        Assert.True(meteor.Score("nodules seen", "nodules watched") < new Meteor(_wordNet).Score("nodules seen", "nodules watched"));
    }

    [Fact]
    public void A_folder_without_wordnet_is_an_error()
    {
        using var folder = new TempFolder("wordnet");
        Assert.Equal("wordnet.files", Assert.Throws<TrainerException>(() => WordNet.Open(folder.Root)).Code);
    }

    public void Dispose() => _wordNet.Dispose();

    private static WordNet Open()
    {
        if (!File.Exists(Path.Combine(WordNet.DefaultDirectory, "index.noun")))
        {
            Requirement.Missing("WordNet (deploy/dev/up.sh tools)");
        }

        return WordNet.Open(WordNet.DefaultDirectory);
    }
}
