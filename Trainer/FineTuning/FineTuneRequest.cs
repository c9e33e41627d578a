namespace HSENet.Trainer.FineTuning;

/// <summary>Where a fine-tuning takes from and puts to.</summary>
/// <param name="Manifest">The studies.</param>
/// <param name="Model">The model directory that is trained on; not changed.</param>
/// <param name="Out">Folder of the run, and of the model at its end.</param>
/// <param name="Cache">Preprocessed volumes; null: below <paramref name="Out"/>.</param>
/// <param name="Resume">Goes on where a run in <paramref name="Out"/> stopped.</param>
/// <param name="Command">As it was called, for the record.</param>
/// <param name="Validation">Manifest of the items that the run is measured on; null: none.</param>
internal sealed record FineTuneRequest(string Manifest, string Model, string Out, string? Cache, bool Resume, IReadOnlyList<string> Command, string? Validation = null);
