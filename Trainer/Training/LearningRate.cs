namespace HSENet.Trainer.Training;

/// <summary>A straight rise from 0, then half a cosine down to 0, as the reference's trainer has it: the first step has the rate 0.</summary>
/// <param name="Peak">The rate after the warm-up.</param>
/// <param name="Steps">Optimiser steps of the run.</param>
/// <param name="WarmupSteps">Steps of the rise.</param>
internal sealed record LearningRate(double Peak, long Steps, long WarmupSteps)
{
    public static LearningRate For(TrainingSettings settings, long steps) =>
        new(settings.LearningRate, steps, (long)Math.Ceiling(steps * settings.WarmupShare));

    /// <param name="step">Steps done before.</param>
    public double At(long step) => step < WarmupSteps
        ? Peak * step / Math.Max(1, WarmupSteps)
        : Peak * Math.Max(0, 0.5 * (1 + Math.Cos(Math.PI * (step - WarmupSteps) / Math.Max(1, Steps - WarmupSteps))));
}
