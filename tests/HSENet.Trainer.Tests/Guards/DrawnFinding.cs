using System.Globalization;
using HSENet.Model.Generation.Guards;

namespace HSENet.Trainer.Tests.Guards;

/// <summary>What a report is to tell.</summary>
internal sealed record DrawnFinding(FindingKind Kind, string Side, string Lobe, int SizeMm, int Image)
{
    public static DrawnFinding Draw(FindingKind kind, Random random)
    {
        var side = random.Next(2) == 0 ? "left" : "right";
        var lobes = side == "left" ? new[] { "upper", "lower" } : ["upper", "middle", "lower"];
        var (least, most) = kind switch
        {
            FindingKind.Nodule => (3, 30),
            FindingKind.Lymphadenopathy => (11, 45),
            FindingKind.HiatalHernia => (20, 90),
            FindingKind.PericardialEffusion => (5, 30),
            _ => (8, 80),
        };
        return new(kind, side, lobes[random.Next(lobes.Length)], random.Next(least, most + 1), random.Next(20, 300));
    }

    /// <summary>The words with its values in place of the placeholders; a sentence begins with a capital.</summary>
    public string Fill(string words)
    {
        var text = words.Replace("{side}", Side, StringComparison.Ordinal).Replace("{lobe}", Lobe, StringComparison.Ordinal)
            .Replace("{mm}", $"{SizeMm}", StringComparison.Ordinal).Replace("{cm}", (SizeMm / 10.0).ToString("0.#", CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("{n}", $"{Image}", StringComparison.Ordinal);
        return char.ToUpperInvariant(text[0]) + text[1..];
    }
}
