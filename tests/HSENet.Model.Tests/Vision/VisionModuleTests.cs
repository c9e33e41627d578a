using HSENet.Model.Vision;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Model.Tests.Vision;

/// <summary>Shapes, gradients, training mode and memory of the vision modules, at tiny sizes.</summary>
public sealed class VisionModuleTests
{
    private static readonly Vit3DConfig s_tiny = Vit3DConfig.Tiny;

    [Theory]
    [InlineData(8, 32, 64, 4, 16, 16, 5)]
    [InlineData(4, 16, 16, 4, 16, 16, 1)]
    [InlineData(6, 8, 20, 2, 4, 5, 32)]
    public void Towers_return_one_token_per_patch_and_CLS_at_any_size(int d, int h, int w, int pd, int ph, int pw, int slices)
    {
        using var scope = NewDisposeScope();
        using var guard = inference_mode();
        var config = new Vit3DConfig(d, h, w, pd, ph, pw, 24, 1, 3, 48);
        var volume = rand([2, 1, d, h, w]);

        var plain = new VisionEncoder3D(config).call(volume);
        var guided = new SliceGuidedEncoder3D(config).call(volume, rand(2, slices, 24));

        Assert.Equal(new long[] { 2, config.Tokens + 1, 24 }, plain.shape);
        Assert.Equal(plain.shape, guided.Tokens.shape);
        Assert.Equal(new long[] { 2, config.Tokens }, guided.PatchScores.shape);
        Assert.Equal(new long[] { 2, config.Tokens, 24 }, VisionTokens.Patches(plain).shape);
        Assert.Equal(new long[] { 2, 24 }, VisionTokens.Cls(plain).shape);
        Assert.InRange(guided.PatchScores.min().item<float>(), 0, 1);
        Assert.InRange(guided.PatchScores.max().item<float>(), 0, 1);
    }

    [Fact]
    public void Patch_layers_and_positions_start_normally_distributed()
    {
        using var scope = NewDisposeScope();
        manual_seed(4);
        var state = new VisionEncoder3D(s_tiny).state_dict();

        foreach (var name in (string[])["patch_embedding.patch_embeddings.1.weight", "patch_embedding.position_embeddings"])
        {
            Assert.InRange(state[name].std().item<float>(), 0.017, 0.023);
            Assert.InRange(state[name].abs().max().item<float>(), 0.05, 0.12);   // 2.5 to 6 deviations: the tail is there
        }
    }

    [Fact]
    public void Other_slices_change_the_patch_scores_and_the_tokens()
    {
        using var scope = NewDisposeScope();
        using var guard = inference_mode();
        manual_seed(1);
        var tower = new SliceGuidedEncoder3D(s_tiny);
        var volume = Volume();

        var one = tower.call(volume, randn(1, 32, s_tiny.Hidden));
        var other = tower.call(volume, randn(1, 32, s_tiny.Hidden));

        Assert.True((one.PatchScores - other.PatchScores).abs().max().item<float>() > 1e-3);
        Assert.True((one.Tokens - other.Tokens).abs().max().item<float>() > 1e-3);
    }

    [Fact]
    public void Gradients_reach_every_weight_from_the_packed_tokens_of_both_towers()
    {
        using var scope = NewDisposeScope();
        manual_seed(2);
        var (plain, guided) = (new VisionEncoder3D(s_tiny), new SliceGuidedEncoder3D(s_tiny));
        var (packer, encoder) = (new SpatialPacker(SpatialPackerConfig.Tiny), new SliceEncoder2D(SliceEncoderConfig.Tiny));
        nn.Module[] modules = [plain, guided, packer, encoder];
        foreach (var module in modules)
        {
            module.train();
        }

        var slices = encoder.EncodeVolume(rand(6, 3, 32, 32), CancellationToken.None);
        var global = plain.call(Volume());
        var local = guided.call(Volume(), slices).Tokens;
        var loss = packer.call(VisionTokens.Patches(global)).square().mean()
            + packer.call(VisionTokens.Patches(local)).square().mean()
            + VisionTokens.Cls(global).pow(4).mean() + VisionTokens.Cls(local).pow(4).mean();
        loss.backward();

        foreach (var (name, weight) in modules.SelectMany(m => m.named_parameters()))
        {
            var gradient = weight.grad;
            Assert.True(gradient is not null, name);
            var size = gradient!.abs().max().item<float>();
            Assert.True(float.IsFinite(size), name);
            // a key bias shifts all scores of a query alike, and softmax does not see that
            Assert.True(size > 0 || name.EndsWith("Wk.bias", StringComparison.Ordinal), $"{name}: {size}");
        }
    }

    [Fact]
    public void Dropout_acts_in_training_only_and_modules_start_in_evaluation_mode()
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        manual_seed(3);
        var tower = new SliceGuidedEncoder3D(s_tiny);
        var (volume, slices) = (Volume(), randn(1, 32, s_tiny.Hidden));

        Assert.Equal(0, Spread());
        tower.train();
        Assert.True(Spread() > 0);
        tower.eval();
        Assert.Equal(0, Spread());

        float Spread() => (tower.call(volume, slices).PatchScores - tower.call(volume, slices).PatchScores).abs().max().item<float>();
    }

    [Fact]
    public void Forward_passes_leave_no_tensor_behind()
    {
        using var guard = inference_mode();
        using var scope = NewDisposeScope();
        var (plain, guided) = (new VisionEncoder3D(s_tiny), new SliceGuidedEncoder3D(s_tiny));
        var (packer, encoder) = (new SpatialPacker(SpatialPackerConfig.Tiny), new SliceEncoder2D(SliceEncoderConfig.Tiny));
        var (volume, images) = (Volume(), rand(5, 3, 32, 32));
        Pass();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        for (var i = 0; i < 20; i++)
        {
            Pass();
        }

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);

        void Pass()
        {
            using var slices = encoder.EncodeVolume(images, CancellationToken.None);
            using var tokens = plain.call(volume);
            var output = guided.call(volume, slices);
            using var scores = output.PatchScores;
            using var local = output.Tokens;
            using var patches = VisionTokens.Patches(local);
            using var probabilities = guided.SliceProbabilities(volume, slices);
            using var packed = packer.call(patches);
        }
    }

    [Fact]
    public void Misshapen_inputs_are_named()
    {
        using var scope = NewDisposeScope();
        var tower = new VisionEncoder3D(s_tiny);
        var packer = new SpatialPacker(SpatialPackerConfig.Tiny);

        Assert.Equal("model.input", Assert.Throws<HSENetModelException>(() => tower.call(rand([1, 1, 8, 64, 32]))).Code);
        Assert.Equal("model.input", Assert.Throws<HSENetModelException>(() => tower.call(rand([1, 2, 8, 32, 64]))).Code);
        Assert.Equal("model.input", Assert.Throws<HSENetModelException>(() => packer.call(rand(1, 17, 32))).Code);
    }

    [Fact]
    public void Sizes_that_do_not_fit_are_refused_before_any_memory_is_taken()
    {
        Assert.Equal("model.config", Assert.Throws<HSENetModelException>(() => new VisionEncoder3D(s_tiny with { PatchWidth = 7 })).Code);
        Assert.Equal("model.config", Assert.Throws<HSENetModelException>(() => new VisionEncoder3D(s_tiny with { Heads = 5 })).Code);
        Assert.Equal("model.config", Assert.Throws<HSENetModelException>(() => new VisionEncoder3D(s_tiny with { Layers = 0 })).Code);
        Assert.Equal(
            "model.config", Assert.Throws<HSENetModelException>(() => new SpatialPacker(SpatialPackerConfig.Tiny with { Points = (2, 2, 3) })).Code);
        Assert.Equal("model.config", Assert.Throws<HSENetModelException>(() => new SliceEncoder2D(SliceEncoderConfig.Tiny with { Patch = 15 })).Code);
    }

    private static Tensor Volume() => rand([1, 1, s_tiny.Depth, s_tiny.Height, s_tiny.Width]);
}
