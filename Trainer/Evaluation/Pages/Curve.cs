namespace HSENet.Trainer.Evaluation.Pages;

/// <summary>One quantity of a training run.</summary>
/// <param name="Name">Its tag.</param>
/// <param name="Points">By step, ascending.</param>
internal sealed record Curve(string Name, IReadOnlyList<(long Step, double Value)> Points);
