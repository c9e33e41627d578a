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

    /// <summary>Layers of a Q-Former; null: 2.</summary>
    public int? Layers { get; init; }

    /// <summary>Attention heads of a Q-Former; null: those of the towers.</summary>
    public int? Heads { get; init; }

    /// <summary><see cref="Kind"/> as a value.</summary>
    [JsonIgnore]
    public PackerKind PackerKind => Kind switch
    {
        "spatial-packer" => PackerKind.SpatialPacker,
        "spatial-pooling" => PackerKind.SpatialPooling,
        "sequence-pooling" => PackerKind.SequencePooling,
        "q-former" => PackerKind.QFormer,
        _ => throw new HSENetModelException("model.config", $"packer.kind '{Kind}' is unknown."),
    };

    /// <exception cref="HSENetModelException"><c>model.config</c>.</exception>
    public SpatialPackerConfig ToConfig(Vit3DConfig tower)
    {
        ConfigurationCheck.Triple("packer.points", Points);
        return new SpatialPackerConfig(tower.Grid, (Points[0], Points[1], Points[2]), tower.Hidden, Out)
        {
            Layers = Layers ?? SpatialPackerConfig.DefaultLayers,
            Heads = Heads ?? tower.Heads,
        }.Validated();
    }
}
