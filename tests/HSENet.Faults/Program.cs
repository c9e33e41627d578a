using HSENet.Faults;
using HSENet.Faults.Node;

if (args is ["node", .. var settings])
    return await FaultNode.RunAsync(settings);
if (FaultOptions.TryParse(args, out var options, out var wrong))
    return await FaultRun.RunAsync(options) ? 0 : 1;

Console.Error.WriteLine($"""
    {wrong}
    usage: --case NAME[,NAME…]|all [--times 20] [--seed N] [--series 3] [--out FILE.md]
    cases: {string.Join(' ', FaultCases.Names)}
    """);
return 2;
