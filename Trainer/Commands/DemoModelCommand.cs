using System.Globalization;
using HSENet.Trainer.DemoModels;

namespace HSENet.Trainer.Commands;

/// <summary><c>demo-model --out DIR [--seed N]</c>: writes the files of <c>Model/Demo</c>.</summary>
internal static class DemoModelCommand
{
    public static void Run(string[] args, TextWriter output)
    {
        string? directory = null;
        var seed = DemoModel.ShippedSeed;
        for (var i = 0; i < args.Length; i += 2)
        {
            if (i + 1 == args.Length)
            {
                throw new UsageException($"{args[i]}: a value is missing.");
            }

            switch (args[i])
            {
                case "--out":
                    directory = args[i + 1];
                    break;
                case "--seed" when ulong.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var number):
                    seed = number;
                    break;
                default:
                    throw new UsageException($"{args[i]} {args[i + 1]}: unknown option or value.");
            }
        }

        var target = directory ?? throw new UsageException("demo-model: --out is missing.");
        foreach (var file in DemoModel.Write(target, seed))
        {
            output.WriteLine($"{Path.Combine(target, file.Name)} {file.Length} bytes");
        }
    }
}
