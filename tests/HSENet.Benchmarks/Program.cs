using System.Globalization;
using HSENet.Benchmarks.Auditing;
using HSENet.Benchmarks.FineTuning;
using HSENet.Benchmarks.Receiving;
using HSENet.Benchmarks.Training;

switch (args)
{
    case ["receive", .. var rest] when ReceiveOptions.TryParse(rest, out var options):
        await ReceiveBenchmark.RunAsync(options);
        return 0;
    case ["audit"]:
        await AuditBenchmark.RunAsync(rows: 8000, rounds: 3, ".artifacts/benchmarks/audit.json");
        return 0;
    case ["audit", var count] when int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var rows) && rows >= 100:
        await AuditBenchmark.RunAsync(rows, rounds: 3, ".artifacts/benchmarks/audit.json");
        return 0;
    case ["checkpointing"]:
        CheckpointingBenchmark.Run();
        return 0;
    case ["step"]:
        StepBenchmark.Run();
        return 0;
    default:
        Console.Error.WriteLine(
            "usage: receive [--instances 300] [--long 3000] [--rounds 3] [--only NAME] [--json FILE]\n       audit [ROWS]\n       checkpointing\n       step");
        return 2;
}
