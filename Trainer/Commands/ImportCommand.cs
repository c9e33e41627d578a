using System.CommandLine;
using HSENet.Commands;
using HSENet.Model.Preprocessing;
using HSENet.Trainer.Importing;

namespace HSENet.Trainer.Commands;

/// <summary>
/// <c>import --out DIR [--clip PATH] [--adapter PATH] [--vqa-adapter PATH] [--language-model DIR] [--slice-encoder PATH] [--text-encoder DIR] [--prompt FILE]
/// [--vqa-templates FILE] [--protocol ct-rate|bimcv-r] [--axes D,1,2] [--quantize int8]</c>: builds a model directory from published files.
/// </summary>
internal static class ImportCommand
{
    private const string Axes = "LRAPSI";

    public static Command Create()
    {
        var target = Parameters.Text("--out", "DIR", "The model directory that is written.").Needed();
        var clip = Parameters.Text("--clip", "PATH", "Towers and text encoder of the contrastive stages.");
        var adapter = Parameters.Text("--adapter", "PATH", "Packers and low-rank matrices that write reports.");
        var questionAdapter = Parameters.Text("--vqa-adapter", "PATH", "The same for questions.");
        var language = Parameters.Text("--language-model", "DIR", "The language model with its tokenizer.");
        var slices = Parameters.Text("--slice-encoder", "PATH", "The encoder of single slices.");
        var text = Parameters.Text("--text-encoder", "DIR", "The text encoder with its vocabulary.");
        var prompt = Parameters.Text("--prompt", "FILE", "The prompt that reports are asked for with.");
        var templates = Parameters.Text("--vqa-templates", "FILE", "Templates of questions.");
        var protocol = Parameters.Choice("--protocol", "How volumes are prepared.", [PreprocessSpec.CtRateProtocol, PreprocessSpec.BimcvProtocol])
            .Otherwise(PreprocessSpec.CtRateProtocol);
        var axes = Parameters.Text("--axes", "D,1,2", "Patient directions of the array's axes, three of L R A P S I, one of each pair, such as S,R,P. The protocol's without it.");
        var quantize = Parameters.Choice("--quantize", "Stores the language model in this type.", ["int8"]);
        Option<string>[] parts = [clip, adapter, questionAdapter, language, slices, text];
        var command = new Command("import", "Builds a model directory from published files, checking name, shape and type of every tensor.")
            .With([target, .. parts, prompt, templates, protocol, axes, quantize]);
        command.Validators.Add(result =>
        {
            if (!parts.Any(part => result.GetResult(part) is not null))
            {
                result.AddError($"Nothing to import: one of {string.Join(", ", parts.Select(part => part.Name))} is needed.");
            }
            else if (result.GetResult(quantize) is not null && result.GetResult(language) is null)
            {
                result.AddError("--quantize int8 is for the language model: --language-model is needed.");
            }
        });
        command.SetAction(result => ModelImporter.Run(
            new ImportRequest
            {
                Out = result.GetRequiredValue(target),
                Clip = result.GetValue(clip),
                Adapter = result.GetValue(adapter),
                QuestionAdapter = result.GetValue(questionAdapter),
                LanguageModel = result.GetValue(language),
                SliceEncoder = result.GetValue(slices),
                TextEncoder = result.GetValue(text),
                Prompt = result.GetValue(prompt),
                QuestionTemplates = result.GetValue(templates),
                Protocol = result.GetRequiredValue(protocol),
                Axes = ReadAxes(result.GetValue(axes)),
                Int8 = result.GetValue(quantize) is not null,
            },
            result.InvocationConfiguration.Output));
        return command;
    }

    private static string[]? ReadAxes(string? text)
    {
        if (text is null)
        {
            return null;
        }

        var axes = text.Split(',', StringSplitOptions.TrimEntries);
        return axes.Length == 3 && axes.All(axis => axis.Length == 1 && Axes.Contains(axis[0], StringComparison.Ordinal))
            && axes.Select(axis => Axes.IndexOf(axis[0], StringComparison.Ordinal) / 2).Distinct().Count() == 3
            ? axes
            : throw new UsageException($"--axes {text}: three of L R A P S I, one of each pair, for example S,R,P.");
    }
}
