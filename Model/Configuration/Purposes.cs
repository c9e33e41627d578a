namespace HSENet.Model.Configuration;

/// <summary>What a model may be used for.</summary>
internal static class Purposes
{
    public const string Demonstration = "demonstration";
    public const string Research = "research";
    public const string ClinicalEvaluation = "clinical-evaluation";
}
