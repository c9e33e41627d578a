using System.Globalization;
using HSENet.Benchmarks.Auditing;
using HSENet.Benchmarks.Backlog;
using HSENet.Benchmarks.Codecs;
using HSENet.Benchmarks.Decoding;
using HSENet.Benchmarks.FineTuning;
using HSENet.Benchmarks.FullSize;
using HSENet.Benchmarks.Pipeline;
using HSENet.Benchmarks.Receiving;
using HSENet.Benchmarks.Soak;
using HSENet.Benchmarks.Training;
using HSENet.Benchmarks.Workers;

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
    case ["codecs"]:
        await CodecBenchmark.RunAsync(".artifacts/benchmarks/codecs.json");
        return 0;
    case ["checkpointing"]:
        CheckpointingBenchmark.Run();
        return 0;
    case ["full-size", ("int8" or "bf16") and var precision, var count] when int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var tokens) && tokens > 1:
        await FullSizeBenchmark.RunAsync(precision, tokens, ".artifacts/benchmarks/full-size.json");
        return 0;
    case ["step"]:
        StepBenchmark.Run();
        return 0;
    case ["soak", .. var rest] when PipelineOptions.Parse(rest, new() { SeriesCount = 10_000, JsonFile = ".artifacts/benchmarks/soak.json" }) is { } options:
        return await SoakBenchmark.RunAsync(options);
    case ["workers", .. var rest] when PipelineOptions.Parse(rest, new() { SeriesCount = 30, ModelMilliseconds = 500, JsonFile = ".artifacts/benchmarks/workers.json" }) is { } options:
        await WorkersBenchmark.RunAsync(options);
        return 0;
    case ["decoding"]:
        return await DecodingBenchmark.RunAsync(frames: 40, rounds: 7, ".artifacts/benchmarks/decoding.json");
    case ["backlog"]:
        await BacklogBenchmark.RunAsync(".artifacts/benchmarks/backlog.json");
        return 0;
    case [SleepingWorker.Command, var length] when int.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds):
        return await SleepingWorker.RunAsync(TimeSpan.FromMilliseconds(milliseconds));
    default:
        Console.Error.WriteLine(
            """
            usage: receive [--instances 300] [--long 3000] [--rounds 3] [--associations 1|4] [--only NAME] [--json FILE]
                   audit [ROWS]
                   codecs
                   checkpointing
                   full-size int8|bf16 TOKENS
                   step
                   workers [--series 30] [--model-ms 500] [--json FILE]
                   backlog
                   decoding
                   soak [--series 10000] [--workers 2] [--model-ms 100] [--in-flight 32] [--json FILE]
            """);
        return 2;
}
