namespace HSENet.Worker.Commands;

internal static class WorkerCommands
{
    public static int Usage()
    {
        Console.Error.WriteLine("usage: hsenet-worker serve|demo|process|migrate");
        return 2;
    }
}
