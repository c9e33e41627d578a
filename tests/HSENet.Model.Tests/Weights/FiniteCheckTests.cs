using HSENet.Model.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Model.Tests.Weights;

public sealed class FiniteCheckTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    [Theory]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.Float64)]
    public void One_value_that_is_no_number_is_found_wherever_it_is(ScalarType type)
    {
        foreach (var length in new[] { 1, 15, 16, 17, 1000 })
        {
            var values = (randn(length) * 100).to_type(type);
            Assert.True(FiniteCheck.IsFinite(values));
            foreach (var at in new[] { 0, length / 2, length - 1 })
            {
                foreach (var bad in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity })
                {
                    var spoiled = values.clone();
                    spoiled[at] = bad;
                    Assert.False(FiniteCheck.IsFinite(spoiled));
                }
            }
        }
    }

    [Fact]
    public void The_largest_numbers_are_numbers()
    {
        Assert.True(FiniteCheck.IsFinite(tensor(new[] { float.MaxValue, float.MinValue, float.Epsilon, 0f, -0f })));
        Assert.True(FiniteCheck.IsFinite(tensor(new[] { 3.3e38f, -3.3e38f }).to_type(ScalarType.BFloat16)));
    }

    [Fact]
    public void Empty_and_scalar_tensors_are_looked_at_too()
    {
        Assert.True(FiniteCheck.IsFinite(zeros(0, 4)));
        Assert.True(FiniteCheck.IsFinite(tensor(3.25f)));
        Assert.False(FiniteCheck.IsFinite(tensor(float.NaN)));
    }

    public void Dispose() => _scope.Dispose();
}
