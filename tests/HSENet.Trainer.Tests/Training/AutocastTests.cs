using HSENet.Trainer.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Trainer.Tests.Training;

public sealed class AutocastTests
{
    [Fact]
    public void Products_are_bfloat16_inside_sums_and_gradients_fp32_and_nothing_changes_outside()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var (a, b) = (randn(8, 16), randn(4, 16).requires_grad_());
        var exact = nn.functional.linear(a, b);
        Tensor product, loss;
        using (new Autocast(DeviceType.CPU))
        {
            product = nn.functional.linear(a, b);
            loss = nn.functional.cross_entropy(product, zeros(8, ScalarType.Int64));
        }

        loss.backward();
        Assert.Equal(ScalarType.BFloat16, product.dtype);
        Assert.Equal(ScalarType.Float32, loss.dtype);
        Assert.Equal(ScalarType.Float32, b.grad!.dtype);
        Assert.InRange((product.to(float32) - exact).abs().max().ToDouble(), 1e-6, 0.1);
        Assert.Equal(ScalarType.Float32, nn.functional.linear(a, b).dtype);
    }

    [Fact]
    public void Casts_of_weights_do_not_outlive_the_pass()
    {
        using var scope = NewDisposeScope();
        var weight = ones(4, 4).requires_grad_();
        float Product()
        {
            using (new Autocast(DeviceType.CPU))
            {
                return nn.functional.linear(ones(1, 4), weight)[0, 0].to(float32).ToSingle();
            }
        }

        Assert.Equal(4, Product());
        using (no_grad())
        {
            weight.mul_(2);
        }

        Assert.Equal(8, Product());
    }
}
