namespace HSENet.Model.Vision;

/// <summary>What turns patch features into visual tokens (<c>packer.kind</c>): the published packer and the paper's comparison variants.</summary>
internal enum PackerKind
{
    /// <summary>The window average asks the window's patches (<see cref="Vision.SpatialPacker"/>).</summary>
    SpatialPacker,

    /// <summary>The average of each window.</summary>
    SpatialPooling,

    /// <summary>The average of each run of successive patches, wherever they lie in space.</summary>
    SequencePooling,

    /// <summary>Learned queries that ask all patches.</summary>
    QFormer,
}
