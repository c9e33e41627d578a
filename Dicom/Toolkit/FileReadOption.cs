namespace FellowOakDicom;

/// <summary>What to do with large values (bulk data such as pixels) when a file is opened.</summary>
public enum FileReadOption
{
    /// <summary>From a path: as <see cref="ReadLargeOnDemand"/>; from a stream: as <see cref="ReadAll"/>.</summary>
    Default,

    /// <summary>Large values stay in the file, which must remain where it is, and are read when their bytes are asked for.</summary>
    ReadLargeOnDemand,

    /// <summary>Large values are left out of the data set.</summary>
    SkipLargeTags,

    /// <summary>Everything is read into memory.</summary>
    ReadAll,
}
