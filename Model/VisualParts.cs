namespace HSENet.Model;

/// <summary>Which modules of the visual path to build.</summary>
[Flags]
internal enum VisualParts
{
    None = 0,
    SliceEncoder = 1,
    GlobalTower = 2,
    LocalTower = 4,
    GlobalPacker = 8,
    LocalPacker = 16,

    /// <summary>Projection of the stage-1 model into the shared space.</summary>
    Stage1Head = 32,

    /// <summary>Projection of the stage-2 model into the shared space.</summary>
    Stage2Head = 64,
}
