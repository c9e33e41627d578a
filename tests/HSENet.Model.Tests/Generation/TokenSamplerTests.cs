using HSENet.Model.Generation;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Model.Tests.Generation;

public sealed class TokenSamplerTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    [Fact]
    public void Temperature_zero_takes_the_likeliest() =>
        Assert.All(Enumerable.Range(0, 20), seed => Assert.Equal(2, new TokenSampler(0, 1, (ulong)seed).Choose(tensor(new float[] { 1, -3, 4, 3.9f }))));

    [Theory]
    [InlineData(1.0)]
    [InlineData(0.5)]
    [InlineData(2.0)]
    public void Drawn_tokens_have_the_frequencies_of_the_softmax(double temperature)
    {
        float[] logits = [0, 1, 2, -1];
        var sampler = new TokenSampler(temperature, 1, 7);
        const int Draws = 20_000;
        var counts = new int[logits.Length];
        for (var i = 0; i < Draws; i++)
        {
            counts[sampler.Choose(tensor(logits))!.Value]++;
        }

        var weights = logits.Select(logit => Math.Exp(logit / temperature)).ToArray();
        for (var id = 0; id < logits.Length; id++)
        {
            var expected = weights[id] / weights.Sum();
            Assert.Equal(expected, (double)counts[id] / Draws, 4 * Math.Sqrt(expected * (1 - expected) / Draws));   // four standard deviations; the seed is fixed
        }
    }

    [Theory]
    [InlineData(0.1, 1)]       // the likeliest alone has 0.64
    [InlineData(0.65, 2)]      // with the second 0.88
    [InlineData(0.9, 3)]
    [InlineData(1.0, 4)]
    public void Top_p_keeps_the_smallest_set_that_reaches_it(double topP, int candidates)
    {
        var sampler = new TokenSampler(1, topP, 3);
        var drawn = Enumerable.Range(0, 2000).Select(_ => sampler.Choose(tensor(new float[] { 0, 1, 2, -1 }))!.Value).ToHashSet();
        Assert.Equal(((long[])[2, 1, 0, 3]).Take(candidates).Order(), drawn.Order());
    }

    [Fact]
    public void The_same_seed_draws_the_same_tokens_with_any_number_of_threads()
    {
        using var random = new Generator(3);
        var logits = randn(50_000, generator: random) * 3;
        long[] Draw(ulong seed, int threads)
        {
            var before = get_num_threads();
            set_num_threads(threads);
            try
            {
                var sampler = new TokenSampler(0.8, 0.95, seed);
                return [.. Enumerable.Range(0, 20).Select(_ => sampler.Choose(logits)!.Value)];
            }
            finally
            {
                set_num_threads(before);
            }
        }

        Assert.Equal(Draw(11, 1), Draw(11, 2));
        Assert.NotEqual(Draw(11, 1), Draw(12, 1));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Values_that_are_not_finite_give_no_token(double temperature)
    {
        Assert.Null(new TokenSampler(temperature, 1, 0).Choose(tensor(new[] { 1, float.NaN, 2 })));
        Assert.Null(new TokenSampler(temperature, 1, 0).Choose(tensor(new[] { 1, float.PositiveInfinity, 2 })));
    }

    public void Dispose() => _scope.Dispose();
}
