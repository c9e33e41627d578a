using HSENet.Trainer.VisualPath;

namespace HSENet.Trainer.Commands;

/// <summary><c>encode --model DIR --input F.safetensors --out F.safetensors</c>: the visual path, and the text side of the contrastive stages, on given inputs.</summary>
internal static class EncodeCommand
{
    public static void Run(string[] args, TextWriter output)
    {
        var options = new Options("encode", args, ["--model", "--input", "--out"]);
        VisualEncoder.Run(options.Required("--model"), options.Required("--input"), options.Required("--out"), output);
    }
}
