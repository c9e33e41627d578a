using HSENet.Model.Contrastive;
using HSENet.Model.Tests.Vision;
using HSENet.Model.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Model.Tests.Contrastive;

public sealed class TextEncoderTests
{
    [Fact]
    public void Text_encoder_gives_the_golden_hidden_states_from_weights_under_their_published_names()
    {
        var golden = GoldenText.Section("small_models", "bert_tiny");
        var sizes = golden.GetProperty("config");
        using var scope = NewDisposeScope();
        using var guard = inference_mode();
        var encoder = new TextEncoder(new TextEncoderConfig(
            GoldenTowerTests.Size(sizes, "vocab_size"), GoldenTowerTests.Size(sizes, "hidden_size"), GoldenTowerTests.Size(sizes, "num_hidden_layers"),
            GoldenTowerTests.Size(sizes, "num_attention_heads"), GoldenTowerTests.Size(sizes, "intermediate_size"), GoldenTowerTests.Size(sizes, "max_position_embeddings")));
        var names = golden.GetProperty("weights").EnumerateObject().Select(item => item.Name).Where(name => !TextEncoderNames.IsUnused(name));
        Assert.Equal(names.Order(StringComparer.Ordinal), encoder.state_dict().Keys.Order(StringComparer.Ordinal));
        foreach (var (name, target) in encoder.state_dict())
        {
            target.copy_(GoldenRule.Tensor(name, golden.GetProperty("weights").GetProperty(name).GetProperty("kind").GetString()!, target.shape));
        }

        var ids = golden.GetProperty("input_ids").EnumerateArray().Select(id => id.GetInt64()).ToArray();
        var mask = golden.GetProperty("attention_mask").EnumerateArray().Select(id => id.GetInt64()).ToArray();
        var hidden = encoder.call(tensor(ids, 1, ids.Length), tensor(mask, 1, ids.Length));

        AssertClose(golden.GetProperty("cls_last_hidden"), hidden[0, 0]);
        AssertClose(golden.GetProperty("token3_last_hidden"), hidden[0, 3]);
    }

    [Fact]
    public void Padding_changes_nothing_and_batches_equal_single_texts()
    {
        using var scope = NewDisposeScope();
        using var guard = inference_mode();
        manual_seed(4);
        var encoder = new TextEncoder(TextEncoderConfig.Tiny);
        var alone = encoder.call(tensor(new long[] { 2, 7, 9, 3 }, 1, 4), ones(1, 4, ScalarType.Int64));
        var padded = encoder.call(
            tensor(new long[] { 2, 7, 9, 3, 30, 31, 2, 8, 8, 8, 8, 3 }, 2, 6), tensor(new long[] { 1, 1, 1, 1, 0, 0, 1, 1, 1, 1, 1, 1 }, 2, 6));
        Assert.True((alone[0] - padded[0].narrow(0, 0, 4)).abs().max().item<float>() < 1e-5);
    }

    [Theory]
    [InlineData(40, 4)]
    [InlineData(-1, 4)]
    [InlineData(1, 17)]
    public void Id_outside_the_vocabulary_and_text_that_is_too_long_are_refused(long id, int tokens)
    {
        using var scope = NewDisposeScope();
        var encoder = new TextEncoder(TextEncoderConfig.Tiny);
        var refusal = Assert.Throws<HSENetModelException>(() => encoder.call(full([1, tokens], id, ScalarType.Int64), ones(1, tokens, ScalarType.Int64)));
        Assert.Equal("model.input", refusal.Code);
    }

    private static void AssertClose(System.Text.Json.JsonElement expected, Tensor actual)
    {
        var values = actual.data<float>().ToArray();
        Assert.All(expected.EnumerateArray().Zip(values), pair => Assert.Equal(pair.First.GetDouble(), pair.Second, 2e-5));
        Assert.Equal(expected.GetArrayLength(), values.Length);
    }
}
