namespace HSENet.Trainer.Evaluation.Runs;

/// <summary>What is evaluated.</summary>
internal enum EvaluationTask
{
    Retrieval,
    Report,
    Vqa,
}
