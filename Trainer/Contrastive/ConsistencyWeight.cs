namespace HSENet.Trainer.Contrastive;

/// <summary>Gives the weight for a step.</summary>
internal static class ConsistencyWeight
{
    public const double Initial = 0.1;
    public const int DecaySteps = 5000;

    /// <param name="schedule">Which.</param>
    /// <param name="step">Optimiser steps done; null outside training, where the reference leaves the term out.</param>
    public static double At(ConsistencySchedule schedule, long? step) => (schedule, step) switch
    {
        (ConsistencySchedule.Off, _) or (_, null) => 0,
        (ConsistencySchedule.Constant, _) => Initial,
        (_, { } done) => done < DecaySteps ? Initial * (1 - (double)done / DecaySteps) : 0,
    };
}
