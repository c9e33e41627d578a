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
    public static void Run(string[] args, TextWriter output)
    {
        var options = new Options(
            "pretrain", args, ["--stage", "--data", "--preset", "--config", "--out", "--init", "--teacher", "--slice-encoder", "--vocabulary", "--cache", "--validation"], "--resume");
        var stage = options.Number("--stage", null, 1, 2);
        if (options.Text("--preset") is null && options.Text("--config") is null)
        {
            throw new UsageException($"pretrain: --preset or --config is missing; presets are {string.Join(", ", PretrainingPresets.Names)}.");
        }

        if (stage == 1 && options.Text("--teacher") is not null)
        {
            throw new UsageException("pretrain: --teacher is for stage 2.");
        }

        var name = options.Text("--preset") ?? $"stage{stage}";
        var preset = PretrainingPresets.Find(name) ?? throw new UsageException($"pretrain: --preset {name}: none of {string.Join(", ", PretrainingPresets.Names)}.");
        var request = new PretrainingRequest
        {
            Manifest = options.Required("--data"),
            Validation = options.Text("--validation"),
            Out = options.Required("--out"),
            Settings = SettingsFile.Over(preset, options.Text("--config")),
            Init = options.Text("--init"),
            Teacher = options.Text("--teacher"),
            SliceEncoder = options.Text("--slice-encoder"),
            Vocabulary = options.Text("--vocabulary"),
            Cache = options.Text("--cache"),
            Resume = options.Has("--resume"),
            Command = ["pretrain", .. args],
        };
        if (request.Settings.Stage != stage)
        {
            throw new UsageException($"pretrain: --stage {stage} with settings for stage {request.Settings.Stage}.");
        }

        using var group = ProcessGroups.Join();
        TensorLibrary.Run(() => Pretrainer.Run(request, group, output, TimeProvider.System, CancellationToken.None));
        group.Leave();
    }
}
