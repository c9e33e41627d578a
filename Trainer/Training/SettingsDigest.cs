using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace HSENet.Trainer.Training;

/// <summary>
/// Tells the settings of a task apart, but for <c>training</c>, which a checkpoint compares itself, and for what changes nothing of the training: how much
/// memory may be used, <c>validation</c>.
/// </summary>
internal static class SettingsDigest
{
    public static string Of(JsonNode settings)
    {
        var rest = settings.DeepClone();
        if (rest is JsonObject fields)
        {
            foreach (var name in fields.Select(field => field.Key).Where(IsApart).ToList())
            {
                fields.Remove(name);
            }
        }

        return Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(rest.ToJsonString())));
    }

    private static bool IsApart(string name) => name is "training" or "validation" || name.EndsWith("CacheBytes", StringComparison.Ordinal);
}
