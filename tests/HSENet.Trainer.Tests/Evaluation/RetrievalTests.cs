using System.Globalization;
using System.Text.Json;
using HSENet.Model.Weights;
using HSENet.Trainer.Evaluation.Retrieval;
using static TorchSharp.torch;

namespace HSENet.Trainer.Tests.Evaluation;

public sealed class RetrievalTests : IDisposable
{
    private const double Tolerance = 1e-9;

    /// <summary>The reference prints percent with four decimals.</summary>
    private const double PrintedDigits = 0.50001e-4;

    private readonly SafeTensorsFile _file = SafeTensorsFile.Open(GoldenText.PathOf("retrieval_small.safetensors"));

    private static JsonElement Small => GoldenText.Section("retrieval");

    [Fact]
    public void Recall_is_that_of_the_reference_both_ways()
    {
        using var images = _file.Read("in/image_features");
        using var texts = _file.Read("in/text_features");
        Same("out/image_to_text_recall_5_10_50_100_percent", Recall.Compute(Similarities.Between(images, texts), Recall.PaperCutoffs).At.Values);
        Same("out/text_to_image_recall_5_10_50_100_percent", Recall.Compute(Similarities.Between(texts, images), Recall.PaperCutoffs).At.Values);
    }

    [Fact]
    public void Volume_to_volume_is_that_of_the_reference_and_as_it_should_be()
    {
        using var images = _file.Read("in/image_features");
        using var labelTensor = _file.Read("in/labels");
        var columns = (int)labelTensor.shape[1];
        bool[][] labels = [.. labelTensor.data<long>().ToArray().Select(value => value > 0).Chunk(columns)];
        var scores = VolumeToVolume.Compute(Similarities.Between(images, images), labels, VolumeToVolume.PaperCutoffs);
        Same("out/image_to_image_1_5_10_50_percent_as_coded", scores.Reference.Values);
        Same("alt/image_to_image_1_5_10_50_percent_reset_per_k", scores.WithSelf.Values);
        Same("alt/image_to_image_1_5_10_50_percent_reset_and_self_excluded", scores.WithoutSelf.Values);
    }

    [Fact]
    public void The_six_item_example_comes_out()
    {
        using var images = Features("image");
        using var texts = Features("text");
        var (toVolume, toReport) = (Similarities.Between(texts, images), Similarities.Between(images, texts));
        foreach (var (row, i) in Small.GetProperty("sim_text_image").EnumerateArray().Select((row, i) => (row.Numbers(), i)))
        {
            Assert.All(row.Select((value, j) => (value, j)), item => Assert.Equal(item.value, toVolume[i, item.j], 1e-6));
        }

        Same(Small.GetProperty("report_to_volume_recall"), Recall.Compute(toVolume, [1, 2, 3, 5]).At);
        Same(Small.GetProperty("volume_to_report_recall"), Recall.Compute(toReport, [1, 2, 3, 5]).At);
        bool[][] labels = [.. Small.GetProperty("labels").EnumerateArray().Select(row => row.Numbers().Select(value => value > 0).ToArray())];
        var scores = VolumeToVolume.Compute(Similarities.Between(images, images), labels, [1, 2, 3]);
        Same(Small.GetProperty("v2v_reference_cumulative"), scores.Reference);
        Same(Small.GetProperty("v2v_per_k_with_self"), scores.WithSelf);
        Same(Small.GetProperty("v2v_per_k_without_self"), scores.WithoutSelf);
    }

    [Fact]
    public void Label_similarity_is_jaccard()
    {
        foreach (var pair in Small.GetProperty("label_similarity_pairs").EnumerateArray().Where(pair => pair.GetProperty("value").ValueKind == JsonValueKind.Number))
        {
            bool[] Row(string name) => [.. pair.GetProperty(name).Numbers().Select(value => value > 0)];
            Assert.Equal(pair.GetProperty("value").GetDouble(), VolumeToVolume.LabelSimilarity(Row("a"), Row("b")), Tolerance);
        }
    }

    [Fact]
    public void Ties_go_to_the_lower_index()
    {
        using var same = ones(3, 2);
        var similarities = Similarities.Between(same, same);
        Assert.Equal([0, 1, 2], Enumerable.Range(0, 3).Select(i => similarities.Rank(2, i)));
        Assert.Equal([0, 1], similarities.Nearest(2, [2, 1, 0], 2));
        var recall = Recall.Compute(similarities, [1, 3]);
        Assert.Equal([1.0 / 3, 1], recall.At.Values);
        Assert.Equal(2, recall.MedianRank);
    }

    [Fact]
    public void Mean_average_precision_divides_by_what_can_be_found()
    {
        // from 0: 1 (irrelevant), then 2 (relevant), of one relevant: 1/2; from 2 the only relevant one is 0, second; 1 has none: 0
        using var features = tensor(new float[] { 1, 0, 0.9f, 0.1f, 0, 1 }, [3, 2]);
        var map = VolumeToVolume.Compute(Similarities.Between(features, features), [[true, false], [false, true], [true, false]], [1, 2]).MeanAveragePrecision;
        Assert.Equal([0, (0.5 + 0.5) / 3], map.Values);
    }

    public void Dispose() => _file.Dispose();

    private static Tensor Features(string name)
    {
        var rows = Small.GetProperty(name).EnumerateArray().Select(GoldenText.Numbers).ToArray();
        return tensor([.. rows.SelectMany(row => row).Select(value => (float)value)], [rows.Length, rows[0].Length]);
    }

    private static void Same(JsonElement expected, IReadOnlyDictionary<int, double> actual) =>
        Assert.All(expected.EnumerateObject(), item => Assert.Equal(item.Value.GetDouble(), actual[int.Parse(item.Name, CultureInfo.InvariantCulture)], Tolerance));

    private void Same(string name, IEnumerable<double> actual)
    {
        using var expected = _file.Read(name);
        Assert.All(expected.data<double>().ToArray().Zip(actual), pair => Assert.Equal(pair.First, 100 * pair.Second, PrintedDigits));
    }
}
