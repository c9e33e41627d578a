using HSENet.Model;
using HSENet.Model.Text;

namespace HSENet.Trainer.Importing;

/// <summary>The text encoder's vocabulary beside its weights: BERT's folder has one, and so has the folder of a contrastive model.</summary>
/// <param name="Published">Full path.</param>
/// <param name="Written">Name in the model directory, which no tokenizer of a language model has.</param>
internal sealed record TextVocabulary(string Published, string Written)
{
    /// <summary>Best first.</summary>
    private static readonly (string Published, string Written)[] s_names = [("vocab.txt", "text-vocab.txt"), ("tokenizer.json", "text-tokenizer.json")];

    /// <param name="files">The weight files.</param>
    /// <param name="sizes">Rows of the word table.</param>
    /// <returns>Null: there is no text encoder, or no vocabulary beside it.</returns>
    /// <exception cref="HSENetModelException"><c>tokenizer.format</c>, <c>import.config</c>: it is not sound, or has more ids than the text encoder has words.</exception>
    public static TextVocabulary? Find(ImportFiles files, ImportSizes sizes)
    {
        foreach (var weights in new[] { files.TextEncoder, files.Clip }.OfType<string>())
        {
            foreach (var (published, written) in s_names)
            {
                var path = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(weights))!, published);
                if (!File.Exists(path) || !IsWordPiece(path))
                {
                    continue;
                }

                var size = WordPieceTokenizer.Open(path).VocabularySize;
                if (size > sizes.Text.Vocabulary)
                {
                    throw new HSENetModelException("import.config", $"{path} has {size} ids, the text encoder has {sizes.Text.Vocabulary} words.");
                }

                return new TextVocabulary(path, written);
            }
        }

        return null;
    }

    /// <param name="folder">The model directory.</param>
    public void CopyTo(string folder) => File.Copy(Published, Path.Combine(folder, Written));

    /// <summary>A tokenizer.json in the same folder may be a language model's.</summary>
    private static bool IsWordPiece(string path) => !path.EndsWith(".json", StringComparison.Ordinal)
        || TokenizerFiles.ReadJson(path, root => root.TryGetProperty("model", out var model) && model.TryGetProperty("type", out var type) && type.ValueEquals("WordPiece"));
}
