using HSENet.Model;
using HSENet.Worker.Configuration;

namespace HSENet.Worker.Inference;

/// <summary>Makes the model of a directory, not loaded yet.</summary>
internal delegate IReportModel ModelOpener(string directory);

/// <summary>
/// The models of this process: that of the settings, loaded at the start, and those that jobs ask for by the name of a neighbouring directory, loaded when their first job
/// comes. At most <c>HSENet:Model:MaximumLoaded</c> are in memory; the one used longest ago makes room before the next is loaded. One is used at a time.
/// </summary>
internal sealed class ModelShelf(IReportModel first, ModelOpener open, WorkerSettings settings, ILogger<ModelShelf> log) : IAsyncDisposable
{
    private readonly SemaphoreSlim _turn = new(1);
    private readonly Dictionary<string, IReportModel> _known = new(StringComparer.Ordinal) { [settings.Model.DirectoryName] = first };
    private volatile bool _isLoading;
    private volatile Shelf _shelf = new([], null);

    /// <summary>Names of the loaded directories, the one used last first.</summary>
    public IReadOnlyList<string> Loaded => _shelf.Loaded;

    /// <summary>A model is being loaded.</summary>
    public bool IsLoading => _isLoading;

    /// <summary>Code of the last load, when it failed: <c>model.missing</c>, <c>weights.…</c>; null when it went well.</summary>
    public string? Trouble => _shelf.Trouble;

    /// <summary>The model of the settings: what is wrong with it stops the start.</summary>
    public Task LoadFirstAsync(CancellationToken cancellationToken) =>
        WithAsync(settings.Model.DirectoryName, _ => Task.FromResult(true), cancellationToken);

    /// <summary>Runs the work with a model that stays loaded meanwhile.</summary>
    /// <param name="name">Name of the directory, as routes and jobs give it.</param>
    /// <param name="work">Gets the loaded model.</param>
    /// <param name="cancellationToken">Gives up waiting and loading.</param>
    /// <exception cref="WorkerException"><c>model.missing</c>: there is no such directory.</exception>
    /// <exception cref="HSENetModelException">It cannot be loaded.</exception>
    public async Task<T> WithAsync<T>(string name, Func<IReportModel, Task<T>> work, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var model = await TakeAsync(name, cancellationToken);
            return await work(model);
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        // the first one belongs to the container
        foreach (var model in _known.Values.Where(m => m != first).OfType<IAsyncDisposable>())
        {
            await model.DisposeAsync();
        }

        _turn.Dispose();
    }

    private async Task<IReportModel> TakeAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            var model = Find(name);
            if (!_shelf.Loaded.Contains(name))
            {
                _isLoading = true;
                await MakeRoomAsync(name);
                await model.LoadAsync(cancellationToken);
            }

            _shelf = new([name, .. _shelf.Loaded.Where(n => n != name)], null);
            return model;
        }
        catch (Exception e) when (e is HSENetModelException or WorkerException)
        {
            _shelf = _shelf with { Trouble = e is HSENetModelException model ? model.Code : ((WorkerException)e).Code };
            throw;
        }
        finally
        {
            _isLoading = false;
        }
    }

    private async Task MakeRoomAsync(string next)
    {
        while (_shelf.Loaded.Length >= settings.Model.MaximumLoaded)
        {
            var oldest = _shelf.Loaded[^1];
            await _known[oldest].UnloadAsync();
            _shelf = _shelf with { Loaded = _shelf.Loaded[..^1] };
            InferenceLog.ModelUnloaded(log, oldest, next);
        }
    }

    private IReportModel Find(string name)
    {
        if (_known.TryGetValue(name, out var known))
        {
            return known;
        }

        var directory = ModelLocation.Beside(settings.Model, name);
        if (Path.GetFileName(name) != name || !File.Exists(Path.Combine(directory, ModelLocation.ConfigurationFile)))
        {
            throw new WorkerException("model.missing", $"the job asks for the model {name}, and there is none of this name beside {settings.Model.Directory}");
        }

        return _known[name] = open(directory);
    }

    /// <summary>What others see of it, all at once.</summary>
    private sealed record Shelf(string[] Loaded, string? Trouble);
}
