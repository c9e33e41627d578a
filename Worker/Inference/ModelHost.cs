using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using HSENet.Dicom.Series;
using HSENet.Model;
using HSENet.Worker.Configuration;

namespace HSENet.Worker.Inference;

/// <summary>Loads the model directory once and runs the model on its own thread.</summary>
internal sealed class ModelHost(WorkerSettings settings, ILogger<ModelHost> log) : IReportModel, IAsyncDisposable
{
    private static readonly string[] RecordedSettings = ["prompt", "preprocessing", "generation"];

    private readonly ModelThread _thread = new();
    private HSENetModel? _model;

    public ModelIdentity Identity => Loaded.Identity;

    public string SettingsJson { get; private set; } = "{}";

    private HSENetModel Loaded => _model ?? throw new InvalidOperationException("the model is not loaded");

    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var options = settings.Model;
        _model = await _thread.RunAsync(() => HSENetModel.Load(options.Directory, options.Device, options.Precision), cancellationToken);
        if (!_model.WritesReports)
        {
            throw new HSENetModelException("model.incomplete", $"{options.Directory} writes no reports: it has no prompt.report, or its adapters were trained for questions alone");
        }

        SettingsJson = ReadSettings(Path.Combine(options.Directory, "hsenet.json"));
        InferenceLog.ModelLoaded(log, Identity.Name, Identity.Version, Stopwatch.GetElapsedTime(started).TotalSeconds, Identity.Digest);
    }

    public Task<GeneratedReport> GenerateAsync(CtVolume volume, IProgress<ModelStage> progress, CancellationToken cancellationToken) =>
        _thread.RunAsync(() => Loaded.Generate(CtInputAdapter.FromVolume(volume), progress, cancellationToken), cancellationToken);

    public async ValueTask DisposeAsync()
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
