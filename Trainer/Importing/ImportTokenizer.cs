using HSENet.Model.Text;

namespace HSENet.Trainer.Importing;

/// <summary>The language model's tokenizer, read from the files beside its weights.</summary>
/// <param name="Kind"><c>tokenizer.kind</c> of hsenet.json.</param>
/// <param name="Files">Full paths.</param>
/// <param name="Vocabulary">What they hold.</param>
/// <param name="Tokenizer">Ready for use.</param>
internal sealed record ImportTokenizer(string Kind, IReadOnlyList<string> Files, BpeVocabulary Vocabulary, ITokenizer Tokenizer)
{
    /// <summary>The reference loads the slow tokenizer, which cuts words as GPT-2 does.</summary>
    public const string Split = "gpt2";

    private static readonly string[][] s_sets = [["tokenizer.json"], ["vocab.json", "merges.txt", "added_tokens.json"], ["vocab.json", "merges.txt"]];

    /// <summary>File names, as they stand in the model directory.</summary>
    public IReadOnlyList<string> Names => [.. Files.Select(file => Path.GetFileName(file))];

    /// <param name="files">The weight files.</param>
    /// <param name="sizes">Rows of the embedding table.</param>
    /// <returns>Null: no language model, or no tokenizer beside it.</returns>
    /// <exception cref="Model.HSENetModelException">
    /// <c>tokenizer.format</c>: a file is broken, or there is no token to begin and end with; <c>model.unsupported</c>: it is of a kind that is not built here;
    /// <c>model.config</c>: more ids than the embedding table has rows.
    /// </exception>
    public static ImportTokenizer? Find(ImportFiles files, ImportSizes sizes)
    {
        if (files.LanguageModel is null)
        {
            return null;
        }

        var folder = Path.GetDirectoryName(Path.GetFullPath(files.LanguageModel))!;
        var paths = s_sets.Select(set => set.Select(name => Path.Combine(folder, name)).ToArray()).FirstOrDefault(set => set.All(File.Exists))
            ?? Directory.EnumerateFiles(folder, "*.tiktoken").Order(StringComparer.Ordinal).Take(1).ToArray();
        if (paths.Length == 0)
        {
            return null;
        }

        var rows = sizes.Language.VocabularySize;
        var plain = ReportTokenizer.Read(ReportTokenizer.Bpe, paths);
        var kind = rows >= PhiTokens.Rows && PhiTokens.Fits(plain) ? ReportTokenizer.Phi : ReportTokenizer.Bpe;
        var vocabulary = kind == ReportTokenizer.Phi ? PhiTokens.AddTo(plain) : plain;
        var tokenizer = ReportTokenizer.Open(vocabulary, Split, rows);
        ReportPrompt.Build(tokenizer, 0, string.Empty);   // it has a begin token
        return new ImportTokenizer(kind, paths, vocabulary, tokenizer);
    }

    /// <param name="folder">The model directory.</param>
    public void CopyTo(string folder)
    {
        foreach (var file in Files)
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }
    }
}
