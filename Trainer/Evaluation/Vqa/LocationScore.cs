namespace HSENet.Trainer.Evaluation.Vqa;

/// <summary>Accuracies of a set of answers that are anatomy paths, 0..1.</summary>
/// <param name="Count">Answers.</param>
/// <param name="Major">As the reference counts: the prediction's first path component occurs anywhere in the answer; an empty one always does.</param>
/// <param name="StrictMajor">The first components are equal and not empty.</param>
/// <param name="Minor">The whole texts are equal.</param>
internal sealed record LocationScore(int Count, double Major, double StrictMajor, double Minor);
