namespace HSENet.Trainer.Importing;

/// <summary>The weight files behind a request; null for what is not asked for.</summary>
internal sealed record ImportFiles(string? Clip, string? Adapter, string? QuestionAdapter, string? LanguageModel, string? SliceEncoder, string? TextEncoder)
{
    /// <exception cref="Model.HSENetModelException"><c>weights.file</c>: one is not there.</exception>
    public static ImportFiles Find(ImportRequest request) => new(
        Find(request.Clip, PublishedFiles.Clip),
        Find(request.Adapter, PublishedFiles.Adapter),
        Find(request.QuestionAdapter, PublishedFiles.Adapter),
        Find(request.LanguageModel, PublishedFiles.Transformers),
        Find(request.SliceEncoder, PublishedFiles.SliceEncoder),
        Find(request.TextEncoder, PublishedFiles.Transformers));

    private static string? Find(string? path, IReadOnlyList<string> names) => path is null ? null : PublishedFiles.Find(path, names);
}
