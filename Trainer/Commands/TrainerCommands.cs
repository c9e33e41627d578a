using HSENet.Model;

namespace HSENet.Trainer.Commands;

/// <summary>Finds the command and maps its outcome to an exit code.</summary>
internal static class TrainerCommands
{
    private const string Usage = """
        usage: hsenet-train COMMAND

          import --out DIR [--clip PATH] [--adapter PATH] [--language-model DIR] [--slice-encoder PATH] [--text-encoder DIR]
                 [--vqa-adapter PATH] [--prompt FILE] [--vqa-templates FILE] [--protocol ct-rate|bimcv-r] [--axes D,1,2] [--quantize int8]
                                             build a model directory from published files
          encode --model DIR --input F.safetensors --out F.safetensors
                                             run the visual path of a model directory on given tensors
          demo-model --out DIR [--seed N] [--cases N] [--held-out N] [--from-round N | --measure | --untrained]
                                             train the small demonstration model on phantoms, from nothing; the same seed gives the same bytes
          pretrain --stage 1|2 --data MANIFEST --preset NAME|--config FILE --out DIR [--init DIR] [--teacher DIR] [--slice-encoder DIR]
                 [--vocabulary FILE] [--cache DIR] [--validation MANIFEST] [--resume]
                                             train the contrastive stages; presets stage1, stage2, phantom-stage1, phantom-stage2
          phantoms --out DIR --count N [--seed S] [--dicom] [--size DxHxW] [--life-size] [--extended] [--shuffle]
                                             synthetic chest CT with findings, reports, labels, questions and answers
          convert --layout ct-rate|bimcv-r|radgenome|hsenet --out F.jsonl [--root DIR] [--table FILE] [--split NAME] [--data MANIFEST]
                  [--volume-column NAME] [--report-column NAME]
                                             make a manifest of a published data set
          finetune --task report|vqa --data MANIFEST --model DIR --out DIR [--preset NAME] [--config F.json] [--cache DIR]
                 [--validation MANIFEST] [--resume]
                                             packers and low-rank matrices on a frozen base; presets report-ct-rate, report-bimcv-r,
                                             vqa-radgenome, phantom-report, phantom-vqa
          score --references F.jsonl --candidates F.jsonl --out F.json [--wordnet DIR] [--bertscore DIR] [--ratescore FILE...]
                                             metrics of generated texts
          evaluate --task retrieval|report|vqa --data MANIFEST --model DIR --out DIR [--limit N] [--seed N] [--swap-images] [--run DIR]
                   [--bertscore DIR] [--ratescore FILE...] [--wordnet DIR] [--published-seconds S] [--device D] [--cache DIR]
                                             generate and score; writes metrics.json and one HTML page; goes on where it was stopped
          ablate --model DIR --out DIR [--tables 1b,1c,2b,3,5] [--seeds N] [--config F.json]
                                             the paper's ablations on phantoms; goes on where it was stopped
        """;

    private static readonly Dictionary<string, Action<string[], TextWriter>> s_commands = new(StringComparer.Ordinal)
    {
        ["ablate"] = AblateCommand.Run,
        ["import"] = ImportCommand.Run,
        ["encode"] = EncodeCommand.Run,
        ["demo-model"] = DemoModelCommand.Run,
        ["convert"] = ConvertCommand.Run,
        ["phantoms"] = PhantomsCommand.Run,
        ["pretrain"] = PretrainCommand.Run,
        ["finetune"] = FineTuneCommand.Run,
        ["score"] = ScoreCommand.Run,
        ["evaluate"] = EvaluateCommand.Run,
    };

    /// <summary>Commands of the contract that this version does not have.</summary>
    private static readonly string[] s_announced =
        ["adapters"];

    public static int Run(string[] args, TextWriter output, TextWriter error)
    {
        if (args is ["--help" or "-h", ..])
        {
            output.WriteLine(Usage);
            return ExitCode.Done;
        }

        if (args is [var announced, ..] && s_announced.Contains(announced))
        {
            return Fail(error, "command.not-available", $"'{announced}' is not part of this version.");
        }

        if (args is not [var name, .. var rest] || !s_commands.TryGetValue(name, out var command))
        {
            error.WriteLine(Usage);
            return ExitCode.Usage;
        }

        try
        {
            command(rest, output);
            return ExitCode.Done;
        }
        catch (UsageException e)
        {
            error.WriteLine(e.Message);
            error.WriteLine(Usage);
            return ExitCode.Usage;
        }
        catch (HSENetModelException e)
        {
            return Fail(error, e.Code, e.Message);
        }
        catch (TrainerException e)
        {
            return Fail(error, e.Code, e.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Fail(error, "io.failed", e.Message);
        }
    }

    private static int Fail(TextWriter error, string code, string message)
    {
        error.WriteLine($"error {code}: {message}");
        return ExitCode.Error;
    }
}
