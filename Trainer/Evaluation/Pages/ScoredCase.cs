namespace HSENet.Trainer.Evaluation.Pages;

/// <summary>A study with the scores of its patches.</summary>
/// <param name="Id">The study.</param>
/// <param name="Volume">Row-major over (depth, axis 1, axis 2), 0..1.</param>
/// <param name="Image">Voxels along each axis.</param>
/// <param name="Scores">Row-major over the grid, 0..1.</param>
/// <param name="Grid">Patches along each axis.</param>
/// <param name="Axes">Patient direction in which each axis increases: three of L R A P S I.</param>
internal sealed record ScoredCase(string Id, float[] Volume, (int D, int H, int W) Image, float[] Scores, (int D, int H, int W) Grid, string Axes);
