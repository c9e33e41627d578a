using System.CommandLine;
using HSENet.Commands;
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
    public static Command Create()
    {
        var task = Parameters.Choice("--task", "What is learnt.", ["report", "vqa"]).Needed();
        var data = Parameters.Text("--data", "MANIFEST", "The studies to train on.").Needed();
        var model = Parameters.Text("--model", "DIR", "The model directory to start from; it is not changed.").Needed();
        var directory = Parameters.Text("--out", "DIR", "Checkpoints, records and the trained model directory.").Needed();
        var preset = Parameters.Choice("--preset", "The settings. With --config alone: report-ct-rate or vqa-radgenome, by the task.", [.. FineTunePresets.Names]);
        var config = Parameters.Text("--config", "F.json", "What differs from the preset.");
        var cache = Parameters.Text("--cache", "DIR", "Keeps prepared volumes for the next run.");
        var validation = Parameters.Text("--validation", "MANIFEST", "Studies to measure with while it trains.");
        var resume = Parameters.Flag("--resume", "Goes on from the newest checkpoint in DIR.");
        var command = new Command("finetune", "Trains packers and low-rank matrices on a frozen base.")
            .With(task, data, model, directory, preset, config, cache, validation, resume);
        command.Validators.Add(result =>
        {
            if (result.GetResult(preset) is null && result.GetResult(config) is null)
            {
                result.AddError("--preset or --config is needed.");
            }
        });
        command.SetAction(result => Run(
            new(
                result.GetRequiredValue(data),
                result.GetRequiredValue(model),
                result.GetRequiredValue(directory),
                result.GetValue(cache),
                result.GetValue(resume),
                [.. result.Tokens.Select(token => token.Value)],
                result.GetValue(validation)),
            result.GetValue(task) == "report" ? FineTuneTaskKind.Report : FineTuneTaskKind.Vqa,
            result.GetValue(preset),
            result.GetValue(config),
            result.InvocationConfiguration.Output));
        return command;
    }

    private static void Run(FineTuneRequest request, FineTuneTaskKind task, string? presetName, string? config, TextWriter output)
    {
        var preset = FineTunePresets.Find(presetName ?? (task == FineTuneTaskKind.Report ? "report-ct-rate" : "vqa-radgenome"))!;
        var settings = SettingsFile.Over(preset, config).Validated();
        if (settings.Task != task)
        {
            throw new UsageException($"--task {task.Name()}: the settings are for {settings.Task.Name()}.");
        }

        using var group = ProcessGroups.Join(settings.Training.Device);
        TensorLibrary.Run(() => FineTuneRun.Execute(request, settings, group, output, CancellationToken.None));
        group.Leave();
    }
}
