using System.CommandLine;
using HSENet.Commands;
using HSENet.Trainer.VisualPath;

namespace HSENet.Trainer.Commands;

/// <summary><c>encode --model DIR --input F.safetensors --out F.safetensors</c>: the visual path, and the text side of the contrastive stages, on given inputs.</summary>
internal static class EncodeCommand
{
    public static Command Create()
    {
        var model = Parameters.Text("--model", "DIR", "The model directory.").Needed();
        var input = Parameters.Text("--input", "F.safetensors", "Tensors named volume, and slice_features or slices.").Needed();
        var target = Parameters.Text("--out", "F.safetensors", "Tokens, scores and embeddings, as far as the directory has the parts.").Needed();
        var command = new Command("encode", "Runs the visual path of a model directory on given tensors.").With(model, input, target);
        command.SetAction(result => VisualEncoder.Run(
            result.GetRequiredValue(model), result.GetRequiredValue(input), result.GetRequiredValue(target), result.InvocationConfiguration.Output));
        return command;
    }
}
