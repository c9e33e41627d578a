namespace HSENet.Trainer.Training;

/// <summary>Where a run is.</summary>
/// <param name="Epoch">From 0.</param>
/// <param name="Step">Optimiser steps done before this one.</param>
/// <param name="Random">Draws that belong to this step, rank and micro-batch alone: a resumed run draws the same.</param>
internal readonly record struct TrainingStep(int Epoch, long Step, Random Random);
