using HSENet.Model.Preprocessing;

namespace HSENet.Trainer.Importing;

/// <summary>What to import, and to where.</summary>
internal sealed record ImportRequest
{
    /// <summary>The model directory to make: absent, or empty.</summary>
    public required string Out { get; init; }

    /// <summary>HSENet_CLIP or HSENet-2E3-CLIP: the file, or its folder.</summary>
    public string? Clip { get; init; }

    /// <summary>The authors' packers and low-rank matrices for reports, or a PEFT adapter: the file, or its folder. Without <see cref="QuestionAdapter"/> it answers questions too.</summary>
    public string? Adapter { get; init; }

    /// <summary>The same for answering questions.</summary>
    public string? QuestionAdapter { get; init; }

    /// <summary>Folder of Phi-4-mini-instruct.</summary>
    public string? LanguageModel { get; init; }

    /// <summary>BiomedCLIP: the file, or its folder.</summary>
    public string? SliceEncoder { get; init; }

    /// <summary>Folder of BERT.</summary>
    public string? TextEncoder { get; init; }

    /// <summary>File with the prompt of reports.</summary>
    public string? Prompt { get; init; }

    /// <summary>File with templates of questions, one a line.</summary>
    public string? QuestionTemplates { get; init; }

    /// <summary>How volumes are prepared: <c>ct-rate</c> or <c>bimcv-r</c>, the data that the adapter was trained with.</summary>
    public string Protocol { get; init; } = PreprocessSpec.CtRateProtocol;

    /// <summary>Patient directions of the array axes, known from a file that the weights were trained with; null: assumed.</summary>
    public string[]? Axes { get; init; }

    /// <summary>Linear layers of the language model as int8.</summary>
    public bool Int8 { get; init; }
}
