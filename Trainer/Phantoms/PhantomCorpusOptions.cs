using HSENet.Dicom.Phantoms;

namespace HSENet.Trainer.Phantoms;

/// <summary>What a corpus of phantoms holds.</summary>
internal sealed record PhantomCorpusOptions
{
    /// <summary>Cases.</summary>
    public required int Count { get; init; }

    /// <summary>Two seeds share no case: a test set is another seed. Default 1.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Slices, rows, columns. Default 32 x 64 x 64.</summary>
    public (int Slices, int Rows, int Columns) Size { get; init; } = (32, 64, 64);

    /// <summary>DICOM series in place of safetensors.</summary>
    public bool Dicom { get; init; }

    /// <summary>Sentences of a report in any order. Default false: always airway to pleura.</summary>
    public bool Shuffle { get; init; }

    /// <summary>How ill they are.</summary>
    public PhantomFindingOptions Findings { get; init; } = new();
}
