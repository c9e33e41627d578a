namespace HSENet.Faults.Node;

/// <summary>Lines by which a node tells where it is.</summary>
internal static class NodeMark
{
    public const string Started = "@started";
    public const string Publishing = "@publishing";
    public const string Inferring = "@inferring";

    public static IReadOnlyList<string> All { get; } = [Started, Publishing, Inferring];

    public static void Say(string mark)
    {
        Console.Out.WriteLine(mark);
        Console.Out.Flush();
    }
}
