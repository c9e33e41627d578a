namespace HSENet.Trainer.Commands;

internal static class TrainerCommands
{
    public static int Usage()
    {
        Console.Error.WriteLine("usage: hsenet-train demo-model");
        return 2;
    }
}
