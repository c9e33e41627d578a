namespace HSENet.Trainer.Data.Loading;

/// <summary>How an epoch is cut into batches and read ahead.</summary>
internal sealed record BatchLoaderOptions
{
    /// <summary>Studies of a batch, all processes together; a multiple of <see cref="Ranks"/>.</summary>
    public required int Batch { get; init; }

    /// <summary>Order and augmentation follow from it. Default 42.</summary>
    public int Seed { get; init; } = 42;

    /// <summary>Tasks that read and augment studies. Default 2.</summary>
    public int Workers { get; init; } = 2;

    /// <summary>Batches that are read ahead of the network. Default 4.</summary>
    public int Ahead { get; init; } = 4;

    /// <summary>
    /// Whether what is left at the end of an epoch makes a smaller batch. Default false: it waits for another epoch. Shares stay equal: what is not a
    /// multiple of <see cref="Ranks"/> waits in any case.
    /// </summary>
    public bool KeepsLast { get; init; }

    /// <summary>Whether the order is shuffled. Default true; false: that of the manifest.</summary>
    public bool Shuffles { get; init; } = true;

    /// <summary>Which share of each batch is read here, from 0.</summary>
    public int Rank { get; init; }

    /// <summary>Shares. Default 1.</summary>
    public int Ranks { get; init; } = 1;

    /// <exception cref="TrainerException"><c>settings.range</c>.</exception>
    public BatchLoaderOptions Validated() =>
        Batch < 1 || Workers is < 1 or > 256 || Ahead is < 1 or > 1024 || Ranks < 1 || Rank < 0 || Rank >= Ranks ? throw new TrainerException("settings.range", "a batch, its workers or its shares are out of range.")
        : Batch % Ranks != 0 ? throw new TrainerException("settings.range", $"a batch of {Batch} cannot be shared equally by {Ranks} processes.")
        : this;
}
