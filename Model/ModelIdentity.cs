using HSENet.Model.Configuration;

namespace HSENet.Model;

/// <summary>Who the model is; recorded in every report.</summary>
/// <param name="Name">From hsenet.json.</param>
/// <param name="Version">From hsenet.json.</param>
/// <param name="Digest">SHA-256 (hex) over hsenet.json and every file it names.</param>
/// <param name="Purpose">demonstration, research or clinical-evaluation.</param>
/// <param name="Warning">Sentence that each report must carry; null for none.</param>
public sealed record ModelIdentity(string Name, string Version, string Digest, string Purpose, string? Warning)
{
    /// <summary>The purpose of a model that shows how the service works: nothing for a patient's record.</summary>
    public const string DemonstrationPurpose = Purposes.Demonstration;
}
