using HSENet.Model.Runtime;
using HSENet.Model.Vision;
using static TorchSharp.torch;

namespace HSENet.Trainer.DemoModels.Training;

/// <summary>
/// Centres the volumes and scales them while the towers learn. The network's own input stays 0..1: since the patch layer is linear, mean and deviation are
/// folded into its weights and the position embedding when the model is written, which is the same function.
/// </summary>
internal sealed class InputScaling
{
    /// <summary>Of voxels about the mean of their place, roughly.</summary>
    public const float Deviation = 0.15f;

    private readonly float[] _mean;

    /// <param name="mean">Mean volume of the training cases, row-major.</param>
    public InputScaling(float[] mean) => _mean = mean;

    public static InputScaling Of(IReadOnlyList<DemoCase> cases)
    {
        var sum = new double[cases[0].Volume.Length];
        foreach (var item in cases)
        {
            for (var i = 0; i < sum.Length; i++)
            {
                sum[i] += (float)item.Volume[i];
            }
        }

        return new(Array.ConvertAll(sum, value => (float)(value / cases.Count)));
    }

    /// <returns>[B, 1, D, H, W], centred and scaled</returns>
    public Tensor Batch(IReadOnlyList<DemoCase> cases, Vit3DConfig tower)
    {
        var values = new float[cases.Count * _mean.Length];
        for (var i = 0; i < cases.Count; i++)
        {
            var source = cases[i].Volume;
            var target = values.AsSpan(i * _mean.Length, _mean.Length);
            for (var k = 0; k < target.Length; k++)
            {
                target[k] = ((float)source[k] - _mean[k]) / Deviation;
            }
        }

        return tensor(values, [cases.Count, 1, tower.Depth, tower.Height, tower.Width]);
    }

    /// <summary>Makes a tower that takes scaled volumes one that takes 0..1.</summary>
    /// <param name="state">Of the tower; its patch layer and positions are changed.</param>
    /// <param name="tower">Sizes.</param>
    public void Fold(IReadOnlyDictionary<string, Tensor> state, Vit3DConfig tower)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        using var embedding = new PatchEmbedding3D(tower);
        var patches = embedding.Flatten(tensor(_mean, [1, 1, tower.Depth, tower.Height, tower.Width]));      // [1, N, voxels]
        var weight = state["patch_embedding.patch_embeddings.1.weight"];                                     // [hidden, voxels]
        weight.Divide(Deviation);
        state["patch_embedding.position_embeddings"].sub_(patches.matmul(weight.t()));                       // [1, N, hidden]
    }

    /// <summary>The way back: makes a tower that takes 0..1 one that takes volumes scaled by this.</summary>
    /// <param name="state">Of the tower; its patch layer and positions are changed.</param>
    /// <param name="tower">Sizes.</param>
    public void Unfold(IReadOnlyDictionary<string, Tensor> state, Vit3DConfig tower)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        using var embedding = new PatchEmbedding3D(tower);
        var patches = embedding.Flatten(tensor(_mean, [1, 1, tower.Depth, tower.Height, tower.Width]));      // [1, N, voxels]
        var weight = state["patch_embedding.patch_embeddings.1.weight"];                                     // [hidden, voxels]
        state["patch_embedding.position_embeddings"].add_(patches.matmul(weight.t()), Numbers.One);          // [1, N, hidden]
        weight.Scale(Deviation);
    }
}
