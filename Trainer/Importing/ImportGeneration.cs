using System.Text.Json;
using HSENet.Model;
using HSENet.Model.Text;

namespace HSENet.Trainer.Importing;

/// <summary>How an imported language model writes, held to its vocabulary and its context.</summary>
/// <param name="Stop">Ids that end a text.</param>
internal sealed record ImportGeneration(IReadOnlyList<int> Stop)
{
    /// <summary>Most new tokens of a report, as in the reference.</summary>
    public const int MaxNewTokens = 512;

    private const int EndOfText = 199999;

    /// <param name="request">Its prompt.</param>
    /// <param name="sizes">The language model's.</param>
    /// <param name="tokenizer">Null: there is none, and no more than the ids' range is checked.</param>
    /// <param name="visualTokens">Of a volume; 0 without packers.</param>
    /// <returns>Null: no language model.</returns>
    /// <exception cref="HSENetModelException">
    /// <c>import.config</c>: an end token of config.json is outside the embedding table, or is no control token of the tokenizer: text would end at a word, or never;
    /// <c>model.context</c>: visual tokens, prompt and new tokens are more than the language model reads.
    /// </exception>
    public static ImportGeneration? Judge(ImportRequest request, ImportSizes sizes, ImportTokenizer? tokenizer, int visualTokens)
    {
        if (sizes.LanguageJson is not { } config)
        {
            return null;
        }

        var rows = sizes.Language.VocabularySize;
        var given = EndTokens(config);
        foreach (var id in given)
        {
            if (id < 0 || id >= rows)
            {
                throw new HSENetModelException("import.config", $"config.json: eos_token_id {id} is outside the embedding table of {rows} rows.");
            }

            if (tokenizer is not null && !tokenizer.Vocabulary.IsControl(id))
            {
                throw new HSENetModelException("import.config", $"config.json: eos_token_id {id} is no special token of {tokenizer.Files[0]}.");
            }
        }

        // the published adapters were trained to end with the begin token
        var end = tokenizer?.Tokenizer.AddedToken(ReportPrompt.BeginToken) ?? EndOfText;
        var prompt = tokenizer is null || request.Prompt is not { } file ? null : File.ReadAllText(file).Trim();
        if (tokenizer is not null)
        {
            ReportPrompt.Build(tokenizer.Tokenizer, visualTokens, prompt ?? string.Empty).Within(sizes.Language, MaxNewTokens);
        }

        return new ImportGeneration([.. given.Append((int)end).Where(id => id < rows).Distinct()]);
    }

    private static int[] EndTokens(JsonElement config) => !config.TryGetProperty("eos_token_id", out var given) ? [] : given.ValueKind switch
    {
        JsonValueKind.Null => [],
        JsonValueKind.Array => [.. given.EnumerateArray().Select(Id)],
        _ => [Id(given)],
    };

    private static int Id(JsonElement value) => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var id)
        ? id
        : throw new HSENetModelException("import.config", "config.json: eos_token_id is no whole number and no list of them.");
}
