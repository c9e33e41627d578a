using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Model.Vision;

/// <summary>
/// Initial values of patch layers and position embeddings: normal with deviation 0.02. The reference truncates at an absolute 2, a hundred
/// deviations out, which cuts nothing. (TorchSharp's own truncated normal returns constants.)
/// </summary>
internal static class PatchInit
{
    private const double Deviation = 0.02;

    public static void Fill(Tensor weight) => nn.init.normal_(weight, 0, Deviation);
}
