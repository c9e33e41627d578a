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

    public static void Run(string[] args, TextWriter output)
    {
        var options = new Options(
            "import", args, ["--out", "--clip", "--adapter", "--vqa-adapter", "--language-model", "--slice-encoder", "--text-encoder", "--prompt", "--vqa-templates", "--protocol", "--axes", "--quantize"]);
        var request = new ImportRequest
        {
            Out = options.Required("--out"),
            Clip = options.Text("--clip"),
            Adapter = options.Text("--adapter"),
            QuestionAdapter = options.Text("--vqa-adapter"),
            LanguageModel = options.Text("--language-model"),
            SliceEncoder = options.Text("--slice-encoder"),
            TextEncoder = options.Text("--text-encoder"),
            Prompt = options.Text("--prompt"),
            QuestionTemplates = options.Text("--vqa-templates"),
            Protocol = options.Text("--protocol") switch
            {
                null => PreprocessSpec.CtRateProtocol,
                PreprocessSpec.CtRateProtocol or PreprocessSpec.BimcvProtocol => options.Required("--protocol"),
                var other => throw new UsageException($"import: --protocol {other}: {PreprocessSpec.CtRateProtocol} or {PreprocessSpec.BimcvProtocol}."),
            },
            Axes = ReadAxes(options.Text("--axes")),
            Int8 = options.Text("--quantize") switch
            {
                null => false,
                "int8" => true,
                var other => throw new UsageException($"import: --quantize {other}: only int8."),
            },
        };
        if (request is { Clip: null, Adapter: null, QuestionAdapter: null, LanguageModel: null, SliceEncoder: null, TextEncoder: null })
        {
            throw new UsageException("import: nothing to import: give --clip, --adapter, --vqa-adapter, --language-model, --slice-encoder or --text-encoder.");
        }

        if (request is { Int8: true, LanguageModel: null })
        {
            throw new UsageException("import: --quantize int8 is for the language model: --language-model is missing.");
        }

        ModelImporter.Run(request, output);
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
            : throw new UsageException($"import: --axes {text}: three of L R A P S I, one of each pair, for example S,R,P.");
    }
}
