using System.Diagnostics;
using HSENet.Model.Language;
using HSENet.Model.Tests.Facade;
using HSENet.Model.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Model.Tests.Language;

/// <summary>Training through a language model that is itself not trained.</summary>
[Collection(AloneCollection.Name)]
public sealed class FrozenBaseTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    [Theory]
    [InlineData(3, 5)]
    [InlineData(70_000, 64)]   // more than one block of rows
    public void Gradient_through_an_int8_matrix_is_that_through_the_matrix_it_stands_for(int outputs, int inputs)
    {
        manual_seed(1);
        var (narrow, scale) = WeightOnlyLinear.Quantize(randn(outputs, inputs));
        var (x, gradient) = (randn(2, 3, inputs), randn(2, 3, outputs));
        var (through, around) = (x.clone().requires_grad_(true), x.clone().requires_grad_(true));

        var y = WeightOnlyLinear.Apply(through, narrow, scale);
        y.backward([gradient]);
        var expected = nn.functional.linear(around, WeightOnlyLinear.Widen(narrow, scale, ScalarType.Float32));
        expected.backward([gradient]);

        AssertClose(expected, y, 1e-5);
        AssertClose(around.grad!, through.grad!, 2e-6 * outputs);
    }

    [Fact]
    public void Gradient_of_an_adapter_on_int8_is_that_on_the_dequantized_model()
    {
        using var int8 = TinyPhi.Create(TinyPhi.Storage("Int8"));
        using var exact = TinyPhi.Create(WeightStorage.Float32);
        using (no_grad())
        {
            foreach (var (name, linear) in int8.Linears)
            {
                exact.state_dict()[$"{name}.weight"].copy_(WeightOnlyLinear.Widen(linear.Weight, linear.Scale, ScalarType.Float32));
            }
        }

        AssertSame(Gradients(exact, model => model.Hidden), Gradients(int8, model => model.Hidden), 1e-5);
    }

    [Fact]
    public void A_bfloat16_base_and_its_table_let_the_gradient_through()
    {
        using var narrow = TinyPhi.Create(WeightStorage.BFloat16);
        using var exact = TinyPhi.Create(WeightStorage.Float32);
        using (no_grad())
        {
            foreach (var (name, tensor) in narrow.state_dict())
            {
                exact.state_dict()[name].copy_(tensor);
            }
        }

        AssertSame(Gradients(exact, model => model.Hidden), Gradients(narrow, model => model.Hidden), 1e-5);
    }

    [Fact]
    public void No_widened_matrix_waits_for_the_backward_pass()
    {
        const int side = 2048;
        var (narrow, scale) = WeightOnlyLinear.Quantize(randn(side, side) / Math.Sqrt(side));
        var x = randn(1, 2, side).requires_grad_(true);
        WeightOnlyLinear.Apply(x, narrow, scale).Dispose();
        using var process = Process.GetCurrentProcess();
        var before = process.WorkingSet64;
        var y = x.alias();
        for (var i = 0; i < 40; i++)
        {
            y = WeightOnlyLinear.Apply(y, narrow, scale);
        }

        process.Refresh();
        var kept = process.WorkingSet64 - before;
        y.sum().backward();
        Assert.True(kept < 160L << 20, $"{kept >> 20} MiB are kept, 40 widened matrices would be 640 MiB");
        Assert.True(x.grad!.isfinite().all().item<bool>());
    }

    [Fact]
    public void A_matrix_in_few_bits_is_not_trained()
    {
        var x = randn(2, 4).requires_grad_(true);
        var weight = randn(3, 4).to_type(ScalarType.BFloat16).requires_grad_(true);
        Assert.Equal("model.precision", Assert.Throws<HSENetModelException>(() => WeightOnlyLinear.Apply(x, weight, null)).Code);
    }

    [Theory]
    [InlineData("Float32")]
    [InlineData("Int8")]
    public void Layers_that_are_run_again_give_the_very_gradients_of_layers_that_are_kept(string storage)
    {
        using var model = TinyPhi.Create(TinyPhi.Storage(storage));
        var kept = Gradients(model, language => language.Hidden);
        var again = Gradients(model, language => embedded => language.HiddenRecomputed(embedded));
        AssertSame(kept, again, 0);
    }

    [Fact]
    public void What_is_dropped_is_dropped_again_when_the_layer_is_run_again()
    {
        manual_seed(7);
        var x = (rand(50) + 1).requires_grad_(true);
        var y = Recomputed.Run(x, input => nn.functional.dropout(input, 0.5));
        rand(13);   // draws in between do not matter
        y.sum().backward();
        Assert.InRange(y.equal(0).sum().ToInt64(), 10, 40);
        AssertClose(y, x * x.grad!, 1e-6);   // dropout is linear: output = input x gradient
    }

    [Fact]
    public void Nothing_is_left_of_a_step()
    {
        using var model = TinyPhi.Create(TinyPhi.Storage("Int8"));
        using var adapter = TinyPhi.CreateAdapter(4);
        void Step()
        {
            using var scope = NewDisposeScope();
            Gradients(model, adapter, language => embedded => language.HiddenRecomputed(embedded));
        }

        Step();
        var before = Tensor.TotalCount;
        for (var i = 0; i < 5; i++)
        {
            Step();
        }

        Assert.InRange(Tensor.TotalCount - before, -1000, 0);
    }

    [Fact]
    public void Loss_is_the_mean_over_answer_and_end_and_parts_of_it_add_up()
    {
        using var model = TinyPhi.Create(WeightStorage.Float32);
        manual_seed(3);
        const long Skip = LabelledPrompt.Ignored;
        long[] labels = [Skip, Skip, 7, 9, 0, Skip, 5, Skip, Skip, Skip, 1, 0];   // a label on the first position is nobody's to predict
        var hidden = randn(2, 6, 32);
        var (whole, parted) = (hidden.clone().requires_grad_(true), hidden.clone().requires_grad_(true));

        var loss = AnswerLoss.Of(model, whole, labels);
        loss.backward();
        var parts = AnswerLoss.Of(model, parted, labels, partElements: 2 * 40);
        parts.backward();

        var log = nn.functional.log_softmax(model.Logits(hidden), -1);
        var expected = -new[] { (0, 1, 7), (0, 2, 9), (0, 3, 0), (1, 3, 1), (1, 4, 0) }.Average(item => log[item.Item1, item.Item2, item.Item3].ToDouble());
        Assert.Equal(expected, loss.ToDouble(), 1e-5);
        Assert.Equal(loss.ToDouble(), parts.ToDouble(), 1e-5);
        AssertClose(whole.grad!, parted.grad!, 1e-6);
        Assert.Equal("model.input", Assert.Throws<HSENetModelException>(() => AnswerLoss.Of(model, hidden, [.. labels.Select(_ => Skip)])).Code);
    }

    public void Dispose() => _scope.Dispose();

    /// <summary>Of the adapter and of the embeddings, by name.</summary>
    private static Dictionary<string, Tensor> Gradients(PhiLanguageModel model, Func<PhiLanguageModel, Func<Tensor, Tensor>> hidden)
    {
        using var adapter = TinyPhi.CreateAdapter(4);
        return Gradients(model, adapter, hidden);
    }

    private static Dictionary<string, Tensor> Gradients(PhiLanguageModel model, LoraAdapter adapter, Func<PhiLanguageModel, Func<Tensor, Tensor>> hidden)
    {
        foreach (var parameter in model.parameters())
        {
            parameter.requires_grad = false;
        }

        model.Use(adapter);
        using var scope = NewDisposeScope();
        var embedded = model.Embed(tensor(new long[] { 1, 7, 3, 11, 0, 39, 2, 8 }, 2, 4)).requires_grad_(true);
        model.Logits(hidden(model)(embedded)).square().mean().backward();
        model.Use(null);
        var gradients = adapter.named_parameters().ToDictionary(item => item.name, item => item.parameter.grad!.clone().MoveToOuterDisposeScope());
        gradients.Add("embeddings", embedded.grad!.clone().MoveToOuterDisposeScope());
        foreach (var parameter in adapter.parameters())
        {
            parameter.grad = null;
        }

        return gradients;
    }

    private static void AssertSame(Dictionary<string, Tensor> expected, Dictionary<string, Tensor> actual, double tolerance)
    {
        Assert.Equal(expected.Keys, actual.Keys);
        Assert.All(expected, item => AssertClose(item.Value, actual[item.Key], tolerance));
        Assert.All(expected, item => Assert.True(item.Value.abs().sum().ToDouble() > 0, item.Key));
    }

    private static void AssertClose(Tensor expected, Tensor actual, double tolerance)
    {
        Assert.Equal(expected.shape, actual.shape);
        Assert.InRange((expected - actual).abs().max().ToDouble(), 0, tolerance);
    }
}
