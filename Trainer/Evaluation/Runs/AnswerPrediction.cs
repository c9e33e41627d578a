namespace HSENet.Trainer.Evaluation.Runs;

/// <summary>A line of <c>predictions.jsonl</c> (questions).</summary>
/// <param name="Id">The study.</param>
/// <param name="Number">Of the question in the study, from 0.</param>
/// <param name="Kind">Of the question.</param>
/// <param name="Question">As asked.</param>
/// <param name="Answer">What is wanted.</param>
/// <param name="Text">What the model wrote.</param>
/// <param name="FinishReason">Only <c>Stop</c> means that the text is complete.</param>
/// <param name="Tokens">Written.</param>
/// <param name="Seconds">Spent; the volume is encoded once for all questions of a study, and each carries that time as if asked alone.</param>
internal sealed record AnswerPrediction(
    string Id, int Number, string Kind, string Question, string Answer, string Text, string FinishReason, int Tokens, ItemSeconds Seconds)
{
    public static string Key(string id, int number) => $"{number} {id}";
}
