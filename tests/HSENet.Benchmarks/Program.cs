using HSENet.Benchmarks.FineTuning;
using HSENet.Benchmarks.Receiving;

if (args is ["checkpointing"])
{
    CheckpointingBenchmark.Run();
    return 0;
}

if (args is not ["receive", ..] || !ReceiveOptions.TryParse(args[1..], out var options))
{
    Console.Error.WriteLine("usage: checkpointing");
    Console.Error.WriteLine("       receive [--instances 300] [--long 3000] [--rounds 3] [--only NAME] [--json FILE]");
    return 2;
}

await ReceiveBenchmark.RunAsync(options);
return 0;
