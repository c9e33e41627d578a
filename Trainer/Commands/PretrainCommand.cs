using System.CommandLine;
using HSENet.Commands;
using HSENet.Model.Runtime;
using HSENet.Trainer.Pretraining;
using HSENet.Trainer.Training;
using HSENet.Trainer.Training.Distributed;

namespace HSENet.Trainer.Commands;

/// <summary>
/// <c>pretrain --stage 1|2 --data MANIFEST --preset NAME|--config FILE --out DIR [--init DIR] [--teacher DIR] [--slice-encoder DIR] [--vocabulary FILE]
/// [--cache DIR] [--validation MANIFEST] [--resume]</c>: one of the two contrastive stages. With both, the file says what differs from the preset; without a preset it is
/// over <c>stage1</c> or <c>stage2</c>.
/// </summary>
internal static class PretrainCommand
{
    public static Command Create()
    {
        var stage = Parameters.Number("--stage", "N", "Which of the two contrastive stages.", 1, 2).Needed();
        var data = Parameters.Text("--data", "MANIFEST", "The studies to train on.").Needed();
        var preset = Parameters.Choice("--preset", "The settings. With --config alone: stage1 or stage2, by the stage.", [.. PretrainingPresets.Names]);
        var config = Parameters.Text("--config", "FILE", "What differs from the preset.");
        var directory = Parameters.Text("--out", "DIR", "Checkpoints, records and the trained parts.").Needed();
        var init = Parameters.Text("--init", "DIR", "Weights to start from.");
        var teacher = Parameters.Text("--teacher", "DIR", "The result of stage 1; for stage 2.");
        var slices = Parameters.Text("--slice-encoder", "DIR", "The model directory whose encoder sees the slices.");
        var vocabulary = Parameters.Text("--vocabulary", "FILE", "The text encoder's vocabulary; made of the reports without it.");
        var cache = Parameters.Text("--cache", "DIR", "Keeps prepared volumes for the next run.");
        var validation = Parameters.Text("--validation", "MANIFEST", "Studies to measure with while it trains.");
        var resume = Parameters.Flag("--resume", "Goes on from the newest checkpoint in DIR.");
        var command = new Command("pretrain", "Trains one of the two contrastive stages.")
            .With(stage, data, preset, config, directory, init, teacher, slices, vocabulary, cache, validation, resume);
        command.Validators.Add(result =>
        {
            if (result.GetResult(stage) is { Tokens: [{ Value: not ("1" or "2") }] })
            {
                return; // which the option tells; what else is wrong depends on it
            }

            if (result.GetResult(preset) is null && result.GetResult(config) is null)
            {
                result.AddError("--preset or --config is needed.");
            }

            if (result.GetResult(teacher) is not null && result.GetResult(stage) is { Tokens: [{ Value: "1" }] })
            {
                result.AddError("--teacher is for stage 2.");
            }
        });
        command.SetAction(result =>
        {
            var number = result.GetValue(stage)!.Value;
            Run(
                number,
                new PretrainingRequest
                {
                    Manifest = result.GetRequiredValue(data),
                    Validation = result.GetValue(validation),
                    Out = result.GetRequiredValue(directory),
                    Settings = SettingsFile.Over(PretrainingPresets.Find(result.GetValue(preset) ?? $"stage{number}")!, result.GetValue(config)),
                    Init = result.GetValue(init),
                    Teacher = result.GetValue(teacher),
                    SliceEncoder = result.GetValue(slices),
                    Vocabulary = result.GetValue(vocabulary),
                    Cache = result.GetValue(cache),
                    Resume = result.GetValue(resume),
                    Command = [.. result.Tokens.Select(token => token.Value)],
                },
                result.InvocationConfiguration.Output);
        });
        return command;
    }

    private static void Run(int stage, PretrainingRequest request, TextWriter output)
    {
        if (request.Settings.Stage != stage)
        {
            throw new UsageException($"--stage {stage} with settings for stage {request.Settings.Stage}.");
        }

        using var group = ProcessGroups.Join(request.Settings.Training.Device);
        TensorLibrary.Run(() => Pretrainer.Run(request, group, output, TimeProvider.System, CancellationToken.None));
        group.Leave();
    }
}
