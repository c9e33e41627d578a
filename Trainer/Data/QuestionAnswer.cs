using System.Text.Json.Serialization;

namespace HSENet.Trainer.Data;

/// <summary>A question about a volume and its answer.</summary>
/// <param name="Kind"><c>presence</c>, <c>location</c>, <c>side</c>, <c>size</c>, <c>extent</c> or <c>count</c>.</param>
/// <param name="Question">As asked; null: made from a template with <paramref name="Abnormality"/> in it.</param>
/// <param name="Answer">As wanted.</param>
/// <param name="Abnormality">What is asked about.</param>
internal sealed record QuestionAnswer([property: JsonRequired] string Kind, string? Question, [property: JsonRequired] string Answer, string? Abnormality = null);
