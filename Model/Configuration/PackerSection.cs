using System.Text.Json.Serialization;
using HSENet.Model.Vision;

namespace HSENet.Model.Configuration;

/// <summary>What turns patch features into visual tokens, one per tower.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record PackerSection
{
    /// <summary><c>spatial-packer</c>, <c>spatial-pooling</c>, <c>sequence-pooling</c> or <c>q-former</c>.</summary>
    public string Kind { get; init; } = "spatial-packer";

    /// <summary>Visual tokens along (depth, axis 1, axis 2).</summary>
    public required int[] Points { get; init; }

    /// <summary>Width of a visual token.</summary>
    public required int Out { get; init; }

    /// <exception cref="HSENetModelException"><c>model.config</c>.</exception>
    public SpatialPackerConfig ToConfig(Vit3DConfig tower)
    {
        ConfigurationCheck.Triple("packer.points", Points);
        return new SpatialPackerConfig(tower.Grid, (Points[0], Points[1], Points[2]), tower.Hidden, Out).Validated();
    }
}
