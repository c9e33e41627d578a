using System.Text.Json.Serialization;

namespace HSENet.Trainer.Data;

/// <summary>A question about a volume and its answer.</summary>
/// <param name="Kind"><c>presence</c>, <c>location</c>, <c>side</c>, <c>size</c>, <c>extent</c> or <c>count</c>.</param>
/// <param name="Question">As asked; null, for a location only: made from a template with <paramref name="Abnormality"/> in it.</param>
/// <param name="Answer">As wanted.</param>
/// <param name="Abnormality">What is asked about.</param>
internal sealed record QuestionAnswer([property: JsonRequired] string Kind, string? Question, [property: JsonRequired] string Answer, string? Abnormality = null)
{
    /// <summary>The one kind that there are templates for, as the reference trains it alone (hsenet.md 6).</summary>
    public const string Location = "location";

    /// <summary>Whether it has its own words, or is one that a template can be filled for.</summary>
    [JsonIgnore]
    public bool IsAskable => !string.IsNullOrWhiteSpace(Question) || (Kind == Location && !string.IsNullOrWhiteSpace(Abnormality));
}
