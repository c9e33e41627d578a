using HSENet.Model.Configuration;

namespace HSENet.Trainer.FineTuning;

/// <summary>What the language model learns to write.</summary>
internal enum FineTuneTaskKind
{
    /// <summary>The findings of a study.</summary>
    Report,

    /// <summary>Answers to questions about a study.</summary>
    Vqa,
}

/// <summary>Names of the tasks.</summary>
internal static class FineTuneTaskKinds
{
    /// <returns>The task's name in <c>hsenet.json</c> (<see cref="WeightTasks"/>).</returns>
    public static string Name(this FineTuneTaskKind kind) => kind == FineTuneTaskKind.Report ? WeightTasks.Report : WeightTasks.Question;
}
