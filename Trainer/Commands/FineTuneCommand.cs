using HSENet.Model.Runtime;
using HSENet.Trainer.FineTuning;
using HSENet.Trainer.Training;
using HSENet.Trainer.Training.Distributed;

namespace HSENet.Trainer.Commands;

/// <summary>
/// <c>finetune --task report|vqa --data MANIFEST --model DIR --out DIR [--preset NAME] [--config FILE] [--cache DIR] [--validation MANIFEST] [--resume]</c>:
/// packers and low-rank matrices on a frozen base. The file says what differs from the preset; without a preset it is that of the reference's task.
/// </summary>
internal static class FineTuneCommand
{
    public static void Run(string[] args, TextWriter output)
    {
        var options = new Options("finetune", args, ["--task", "--data", "--model", "--out", "--preset", "--config", "--cache", "--validation"], "--resume");
        var task = options.Required("--task") switch
        {
            "report" => FineTuneTaskKind.Report,
            "vqa" => FineTuneTaskKind.Vqa,
            var other => throw new UsageException($"finetune: --task {other}: report or vqa."),
        };
        var request = new FineTuneRequest(
            options.Required("--data"), options.Required("--model"), options.Required("--out"), options.Text("--cache"), options.Has("--resume"), ["finetune", .. args],
            options.Text("--validation"));
        if (options.Text("--preset") is null && options.Text("--config") is null)
        {
            throw new UsageException("finetune: --preset or --config is missing.");
        }

        var name = options.Text("--preset") ?? (task == FineTuneTaskKind.Report ? "report-ct-rate" : "vqa-radgenome");
        var preset = FineTunePresets.Find(name) ?? throw new UsageException($"finetune: --preset {name}: {string.Join(", ", FineTunePresets.Names)}.");
        var settings = SettingsFile.Over(preset, options.Text("--config")).Validated();
        if (settings.Task != task)
        {
            throw new UsageException($"finetune: --task {task.Name()}: the settings are for {settings.Task.Name()}.");
        }

        using var group = ProcessGroups.Join();
        TensorLibrary.Run(() => FineTuneRun.Execute(request, settings, group, output, CancellationToken.None));
    }
}
