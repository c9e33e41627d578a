using HSENet.Trainer.Training;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace HSENet.Trainer.Tests.Training;

public sealed class AdamWTests
{
    [Theory]
    [InlineData("vision_encoder.blocks.3.mlp.linear1.weight", true)]
    [InlineData("vision_encoder.blocks.3.mlp.linear1.bias", false)]
    [InlineData("vision_encoder.blocks.3.norm1.weight", false)]
    [InlineData("vision_encoder.norm.bias", false)]
    [InlineData("language_encoder.embeddings.LayerNorm.weight", false)]
    [InlineData("language_encoder.embeddings.word_embeddings.weight", true)]
    [InlineData("vision_encoder.patch_embedding.position_embeddings", true)]
    [InlineData("vision_encoder.cls_token", true)]
    [InlineData("logit_scale", true)]
    public void Biases_and_norms_are_not_decayed(string name, bool decays) => Assert.Equal(decays, DecayRule.Decays(name));

    [Fact]
    public void Steps_follow_the_published_rule_in_both_groups_and_leave_parameters_without_gradient_alone()
    {
        using var scope = NewDisposeScope();
        var settings = new TrainingSettings { WeightDecay = 0.1 };
        manual_seed(3);
        var (weight, bias, idle) = (new Parameter(randn(4, 5)), new Parameter(randn(4)), new Parameter(randn(3)));
        using var optimizer = new FusedAdamW([("a.weight", weight), ("a.bias", bias), ("idle", idle)], settings);
        var (kept, expected) = (idle.clone(), new[] { Rule.Of(weight, 0.1), Rule.Of(bias, 0) });
        for (var step = 1; step <= 5; step++)
        {
            foreach (var (parameter, rule) in new[] { weight, bias }.Zip(expected))
            {
                var gradient = randn_like(parameter) * step;
                parameter.grad = gradient;
                rule.Step(gradient.data<float>().ToArray(), step, 0.01 * step);
            }

            optimizer.Step(0.01 * step);
        }

        Assert.All(weight.data<float>().ToArray().Zip(expected[0].Values), pair => Assert.Equal(pair.Second, pair.First, 2e-6));
        Assert.All(bias.data<float>().ToArray().Zip(expected[1].Values), pair => Assert.Equal(pair.Second, pair.First, 2e-6));
        Assert.Equal(kept.data<float>().ToArray(), idle.data<float>().ToArray());
        Assert.Equal(0, optimizer.State.Single(item => item.Key == "steps.idle").Value.ToSingle());
        Assert.Equal(5, optimizer.State.Single(item => item.Key == "steps.a.bias").Value.ToSingle());
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1e-4 / 3)]
    [InlineData(3, 1e-4)]
    [InlineData(50, 0.52428111e-4)]   // (1 + cos(pi 47 / 97)) / 2
    [InlineData(100, 0)]
    public void Rate_rises_in_a_line_and_falls_along_a_cosine(long step, double expected) =>
        Assert.Equal(expected, LearningRate.For(new TrainingSettings { LearningRate = 1e-4, WarmupShare = 0.03 }, 100).At(step), 1e-8);

    /// <summary>Algorithm 2 of the paper, in double precision.</summary>
    private sealed record Rule(double[] Values, double Decay)
    {
        private readonly double[] _first = new double[Values.Length];
        private readonly double[] _second = new double[Values.Length];

        public static Rule Of(Tensor start, double decay) => new([.. start.data<float>().ToArray().Select(value => (double)value)], decay);

        public void Step(float[] gradient, int step, double rate)
        {
            for (var i = 0; i < Values.Length; i++)
            {
                Values[i] -= rate * Decay * Values[i];
                _first[i] = (0.9 * _first[i]) + (0.1 * gradient[i]);
                _second[i] = (0.999 * _second[i]) + (0.001 * gradient[i] * gradient[i]);
                var (mean, square) = (_first[i] / (1 - Math.Pow(0.9, step)), _second[i] / (1 - Math.Pow(0.999, step)));
                Values[i] -= rate * mean / (Math.Sqrt(square) + 1e-8);
            }
        }
    }
}
