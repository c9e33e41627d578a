using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using HSENet.Dicom.Series;
using HSENet.Model;
using HSENet.Worker.Configuration;

namespace HSENet.Worker.Inference;

/// <summary>Loads a model directory and runs the model on a thread of its own.</summary>
/// <param name="directory">The model directory.</param>
/// <param name="options">Device and precision.</param>
/// <param name="log">Told of each load.</param>
internal sealed class ModelHost(string directory, ModelOptions options, ILogger<ModelHost> log) : IReportModel, IAsyncDisposable
{
    private static readonly string[] RecordedSettings = ["prompt", "preprocessing", "generation"];

    private readonly ModelThread _thread = new();
    private HSENetModel? _model;
    private ModelIdentity? _identity;

    public ModelIdentity Identity => _identity ?? throw new InvalidOperationException("the model was never loaded");

    public string SettingsJson { get; private set; } = "{}";

    public int? GpuIndex { get; private set; }

    private HSENetModel Loaded => _model ?? throw new InvalidOperationException("the model is not loaded");

    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var model = await _thread.RunAsync(() => HSENetModel.Load(directory, options.Device, options.Precision), cancellationToken);
        _model = model;
        if (!model.WritesReports)
        {
            throw new HSENetModelException("model.incomplete", $"{directory} writes no reports: it has no prompt.report, or its adapters were trained for questions alone");
        }

        _identity = model.Identity;
        GpuIndex = model.GpuIndex;
        SettingsJson = ReadSettings(Path.Combine(directory, ModelLocation.ConfigurationFile));
        InferenceLog.ModelLoaded(log, Identity.Name, Identity.Version, Stopwatch.GetElapsedTime(started).TotalSeconds, Identity.Digest);
    }

    public Task<GeneratedReport> GenerateAsync(CtVolume volume, IProgress<ModelStage> progress, CancellationToken cancellationToken) =>
        _thread.RunAsync(() => Loaded.Generate(CtInputAdapter.FromVolume(volume), progress, cancellationToken), cancellationToken);

    public async Task UnloadAsync()
    {
        if (_model is { } model)
        {
            _model = null;
            await _thread.RunAsync(
                () =>
                {
                    model.Dispose();
                    return true;
                },
                CancellationToken.None);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await UnloadAsync();
        await _thread.DisposeAsync();
    }

    private static string ReadSettings(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            var recorded = new JsonObject();
            foreach (var name in RecordedSettings)
            {
                if (document.RootElement.TryGetProperty(name, out var value))
                {
                    recorded[name] = JsonNode.Parse(value.GetRawText());
                }
            }

            return recorded.ToJsonString();
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            throw new HSENetModelException("model.directory", $"{path} cannot be read", e);
        }
    }
}
