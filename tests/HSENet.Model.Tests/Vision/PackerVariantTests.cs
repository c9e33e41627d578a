using HSENet.Model.Vision;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Model.Tests.Vision;

/// <summary>The paper's comparison packers: no golden file exists, so their shapes, gradients and what they must not depend on are held.</summary>
public sealed class PackerVariantTests : IDisposable
{
    private static readonly SpatialPackerConfig s_config = SpatialPackerConfig.Tiny with { Heads = 4 };

    private readonly DisposeScope _scope = NewDisposeScope();

    public PackerVariantTests() => manual_seed(11);

    public static TheoryData<string> Kinds => [.. Enum.GetNames<PackerKind>()];

    public static TheoryData<string, int, int, int> KindsAndPoints
    {
        get
        {
            var data = new TheoryData<string, int, int, int>();
            foreach (var kind in Enum.GetNames<PackerKind>())
            {
                foreach (var (d, h, w) in ((int, int, int)[])[(8, 2, 2), (4, 4, 4), (8, 4, 4), (4, 8, 8)])
                {
                    data.Add(kind, d, h, w);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(KindsAndPoints))]
    public void Every_kind_gives_the_papers_token_counts_on_the_full_grid(string kind, int d, int h, int w)
    {
        using var guard = inference_mode();
        var packer = PackerFactory.Create(Enum.Parse<PackerKind>(kind), new SpatialPackerConfig((8, 16, 16), (d, h, w), 16, 24) { Heads = 2 });
        Assert.Equal([2, d * h * w, 24], packer.call(rand([2, 2048, 16], ScalarType.Float32)).shape);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Gradients_reach_every_weight_and_every_patch(string kind)
    {
        var packer = PackerFactory.Create(Enum.Parse<PackerKind>(kind), s_config);
        var patches = Patches(2).requires_grad_();
        packer.call(patches).square().sum().backward();
        Assert.All(packer.named_parameters(), item => Assert.True(item.parameter.grad is { } grad && grad.isfinite().all().item<bool>(), item.name));
        Assert.True(patches.grad!.abs().sum([2]).min().item<float>() > 0);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Volumes_of_a_batch_do_not_see_each_other(string kind)
    {
        using var guard = inference_mode();
        var packer = PackerFactory.Create(Enum.Parse<PackerKind>(kind), s_config);
        var patches = Patches(3);
        Assert.True((packer.call(patches)[1] - packer.call(patches.narrow(0, 1, 1))[0]).abs().max().item<float>() < 1e-5);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Patches_of_another_grid_are_refused(string kind)
    {
        var packer = PackerFactory.Create(Enum.Parse<PackerKind>(kind), s_config);
        Assert.Equal("model.input", Assert.Throws<HSENetModelException>(() => packer.call(rand([1, 15, 32], ScalarType.Float32))).Code);
    }

    /// <summary>The windows of the tiny grid 2 x 2 x 4 with points 2 x 2 x 2 are pairs along the last axis.</summary>
    [Fact]
    public void Spatial_pooling_sees_its_window_alone_and_in_any_order()
    {
        using var guard = inference_mode();
        var packer = PackerFactory.Create(PackerKind.SpatialPooling, s_config);
        var patches = Patches(1);
        var whole = packer.call(patches);
        var swapped = packer.call(patches.index_select(1, tensor(new long[] { 1, 0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 })));
        Assert.True((whole - swapped).abs().max().item<float>() < 1e-6);
        var changed = patches.clone();
        changed[0, 0] += 1;
        var differs = (packer.call(changed) - whole).abs().amax([2])[0];
        Assert.True(differs[0].item<float>() > 1e-4 && differs.narrow(0, 1, 7).max().item<float>() == 0);
    }

    [Fact]
    public void Spatial_pooling_is_the_projected_window_average()
    {
        using var guard = inference_mode();
        var packer = new SpatialPoolingPacker(s_config);
        var patches = Patches(2);   // once: tests of other classes draw from the same generator
        var averages = PatchWindows.Group(patches, s_config).mean([1]).reshape(2, 8, 32);
        var projection = (nn.Module<Tensor, Tensor>)packer.named_modules().Single(item => item.name == "proj_mpls").module;
        Assert.True((packer.call(patches) - projection.call(averages)).abs().max().item<float>() < 1e-6);
    }

    [Fact]
    public void Sequence_pooling_takes_successive_patches_wherever_they_lie()
    {
        using var guard = inference_mode();
        var config = new SpatialPackerConfig((2, 2, 4), (1, 2, 2), 32, 48);   // windows of 2 x 1 x 2 patches, runs of 4
        var packer = new SequencePoolingPacker(config);
        var patches = Patches(1);
        var changed = patches.clone();
        changed[0, 3] += 1;
        var differs = (packer.call(changed) - packer.call(patches)).abs().amax([2])[0];
        Assert.True(differs[0].item<float>() > 1e-4 && differs.narrow(0, 1, 3).max().item<float>() == 0);
    }

    [Fact]
    public void Q_former_asks_every_patch_and_does_not_depend_on_their_order()
    {
        using var guard = inference_mode();
        var packer = PackerFactory.Create(PackerKind.QFormer, s_config);
        var patches = Patches(1);
        var whole = packer.call(patches);
        Assert.InRange((packer.call(patches.flip(1)) - whole).abs().max().item<float>(), 0, 1e-5f);
        var changed = patches.clone();
        changed[0, 15] = -changed[0, 15];
        Assert.InRange((packer.call(changed) - whole).abs().amax([2]).min().item<float>(), 1e-6f, 1);
        Assert.InRange((whole[0, 0] - whole[0, 1]).abs().max().item<float>(), 1e-4f, 1);
    }

    public void Dispose() => _scope.Dispose();

    private static Tensor Patches(int batch)
    {
        manual_seed(5);
        return randn([batch, 16, 32], ScalarType.Float32);
    }
}
