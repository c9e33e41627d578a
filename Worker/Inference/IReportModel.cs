using HSENet.Dicom.Series;
using HSENet.Model;

namespace HSENet.Worker.Inference;

/// <summary>The loaded model, as the service uses it.</summary>
internal interface IReportModel
{
    /// <summary>After the first <see cref="LoadAsync"/>.</summary>
    ModelIdentity Identity { get; }

    /// <summary>The model directory's prompt, preprocessing and generation settings as JSON: part of each report's manifest.</summary>
    string SettingsJson { get; }

    /// <summary>Index of the CUDA device that it runs on, as CUDA counts; null on the processor, and before the first <see cref="LoadAsync"/>.</summary>
    int? GpuIndex => null;

    /// <summary>Loads the directory.</summary>
    Task LoadAsync(CancellationToken cancellationToken);

    /// <summary>Gives the memory back; <see cref="Identity"/> and <see cref="SettingsJson"/> stay. It can be loaded again.</summary>
    Task UnloadAsync() => Task.CompletedTask;

    /// <summary>One call runs at a time; others wait.</summary>
    Task<GeneratedReport> GenerateAsync(CtVolume volume, IProgress<ModelStage> progress, CancellationToken cancellationToken);
}
