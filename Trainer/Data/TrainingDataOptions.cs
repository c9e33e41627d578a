using HSENet.Trainer.Data.Volumes;

namespace HSENet.Trainer.Data;

/// <summary>How the studies of a manifest are read and kept.</summary>
internal sealed record TrainingDataOptions
{
    /// <summary>Where what is made of the volumes is kept between runs.</summary>
    public required string CacheDirectory { get; init; }

    /// <summary>How the rescale values of NIfTI files are taken. Default: looked at for each file.</summary>
    public IntensityRule Intensity { get; init; } = IntensityRule.Auto;

    /// <summary>Volumes in 2 bytes a voxel. Default true: see <see cref="Cache.HalfValues"/>.</summary>
    public bool AsHalf { get; init; } = true;

    /// <summary>Reads the files of every volume at start, although names, lengths and times of change are those of the last time. Default false.</summary>
    public bool ReadContentAgain { get; init; }

    /// <summary>Volumes are kept in memory up to this many bytes. Default 0: none.</summary>
    public long MemoryBytes { get; init; }

    /// <summary>Volumes that are preprocessed at once. Default: the number of processors.</summary>
    public int Workers { get; init; } = Environment.ProcessorCount;

    /// <summary>Which slice features the cases carry. Default none.</summary>
    public SliceFeatureUse Features { get; init; }

    /// <exception cref="TrainerException"><c>settings.range</c>.</exception>
    public TrainingDataOptions Validated() => CacheDirectory.Length > 0 && MemoryBytes >= 0 && Workers is >= 1 and <= 256
        ? this
        : throw new TrainerException("settings.range", "the cache's folder, its workers (1 to 256) or its memory are out of range.");
}
