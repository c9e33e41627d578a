using HSENet.Model.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Trainer.Training;

/// <summary>Shortens the gradient of all parameters together.</summary>
internal static class GradientClip
{
    private const double Epsilon = 1e-6;

    /// <param name="gradients">Changed in place.</param>
    /// <param name="most">Longest allowed; 0: any.</param>
    /// <returns>The length before.</returns>
    public static double Apply(IReadOnlyList<Tensor> gradients, double most)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        if (gradients.Count == 0)
        {
            return 0;
        }

        var length = stack(gradients.Select(gradient => gradient.norm())).norm().Read();
        if (most > 0 && length > most)
        {
            var factor = most / (length + Epsilon);
            foreach (var gradient in gradients)
            {
                gradient.Scale(factor);
            }
        }

        return length;
    }
}
