using System.Diagnostics;
using System.Runtime.ExceptionServices;
using System.Security.Cryptography;
using System.Text.Json;
using HSENet.Model;
using HSENet.Model.Preprocessing;
using HSENet.Trainer.Data.Cache;
using HSENet.Trainer.Data.Volumes;

namespace HSENet.Trainer.Data;

/// <summary>
/// The studies of a manifest, preprocessed. Everything is read and put into the cache before training begins, so that what cannot be used is known
/// then: it is left out, counted and listed, never replaced by another study. A cached array that turns out damaged later is made again.
/// </summary>
internal sealed class ManifestTrainingData : ITrainingData, IDisposable
{
    private readonly CaseMaker _maker;
    private readonly List<(ManifestItem Item, CaseKeys Keys)> _usable = [];
    private readonly MemoryCases _memory;

    private ManifestTrainingData(CaseMaker maker, TrainingDataOptions options) => (_maker, _memory) = (maker, new(options.MemoryBytes, options.AsHalf));

    public int Count => _usable.Count;

    /// <summary>What was left out, by the manifest's reader or here.</summary>
    public IReadOnlyList<BadItem> Bad { get; private set; } = [];

    /// <summary>Volumes that were read and preprocessed since the start: 0 where the cache had them all.</summary>
    public int Preprocessed => _maker.Preprocessed;

    /// <summary>Builds what the cache lacks on several threads and gives what can be used.</summary>
    /// <param name="manifest">The studies.</param>
    /// <param name="spec">Preprocessing.</param>
    /// <param name="encoder">Makes slice features; null: none at hand.</param>
    /// <param name="options">Cache, threads, features.</param>
    /// <param name="progress">Told after each study.</param>
    /// <param name="cancellationToken">What is in the cache by then stays there.</param>
    /// <exception cref="TrainerException"><c>data.none</c>: no study can be used; the message has the first reason.</exception>
    public static ManifestTrainingData Prepare(
        StudyManifest manifest, PreprocessSpec spec, ISliceFeatureEncoder? encoder, TrainingDataOptions options, IProgress<PreparationProgress>? progress, CancellationToken cancellationToken)
    {
        var data = new ManifestTrainingData(new CaseMaker(manifest, spec, encoder, options.Validated()), options);
        try
        {
            data.Fill(manifest, options.Workers, progress, cancellationToken);
            return data;
        }
        catch (AggregateException e)
        {
            data.Dispose();
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
            throw;
        }
        catch
        {
            data.Dispose();
            throw;
        }
    }

    public ManifestItem Item(int index) => _usable[index].Item;

    public TrainingCase Load(int index)
    {
        var (item, keys) = _usable[index];
        if (_memory.TryGet(index) is { } kept)
        {
            return kept;
        }

        var (made, fault) = TryMake(item, () => _maker.Make(item, keys, CancellationToken.None));
        if (fault is not null)
        {
            throw new TrainerException(fault.Code, $"{fault.Name}: {fault.Detail}");
        }

        var result = new TrainingCase(item, made.Volume, made.Features);
        _memory.Keep(index, result);
        return result;
    }

    /// <summary>SHA-256 over every usable study: its line of the manifest, the content of its volume, preprocessing and slice encoder. Hex.</summary>
    public string Digest()
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (item, keys) in _usable)
        {
            digest.AppendData(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(item with { Volume = string.Empty, SliceFeatures = null }, ManifestJson.Options)));
            digest.AppendData(keys.Volume);
            digest.AppendData(keys.Features ?? []);
        }

        return Convert.ToHexStringLower(digest.GetHashAndReset());
    }

    /// <summary>Counts and the items left out, one line each.</summary>
    public void Report(TextWriter output)
    {
        output.WriteLine($"{Count} studies, {Preprocessed} preprocessed now, {Bad.Count} left out");
        if (_maker.Count(IntensityChoice.Table) + _maker.Count(IntensityChoice.AlreadyHu) > 0)
        {
            output.WriteLine($"  intensities: {_maker.Count(IntensityChoice.Table)} by the manifest's slope and intercept, {_maker.Count(IntensityChoice.AlreadyHu)} held HU already");
        }

        foreach (var bad in Bad)
        {
            output.WriteLine($"  left out: {bad.Name}: {bad.Code}: {bad.Detail}");
        }
    }

    public void Dispose() => _maker.Dispose();

    private void Fill(StudyManifest manifest, int workers, IProgress<PreparationProgress>? progress, CancellationToken cancellationToken)
    {
        var keys = new CaseKeys?[manifest.Items.Count];
        var faults = new BadItem?[manifest.Items.Count];
        var (done, made, bad, clock, gate) = (0, 0, 0, Stopwatch.StartNew(), new Lock());
        Parallel.For(0, keys.Length, new ParallelOptions { MaxDegreeOfParallelism = workers, CancellationToken = cancellationToken }, i =>
        {
            var item = manifest.Items[i];
            (var isNew, faults[i]) = TryMake(item, () =>
            {
                keys[i] = _maker.KeysOf(item);
                return !_maker.IsReady(item, keys[i]!) && _maker.Make(item, keys[i]!, cancellationToken).IsNew;
            });
            lock (gate)
            {
                (done, made, bad) = (done + 1, made + (isNew ? 1 : 0), bad + (faults[i] is null ? 0 : 1));
                progress?.Report(new(done, keys.Length, made, bad, clock.Elapsed, clock.Elapsed / done * (keys.Length - done)));
            }
        });
        for (var i = 0; i < keys.Length; i++)
        {
            if (faults[i] is null)
            {
                _usable.Add((manifest.Items[i], keys[i]!));
            }
        }

        Bad = [.. manifest.Bad, .. faults.OfType<BadItem>()];
        if (_usable.Count == 0)
        {
            throw new TrainerException("data.none", $"no study can be used{(Bad.Count > 0 ? $"; {Bad.Count} left out, the first: {Bad[0].Name}: {Bad[0].Detail}" : "")}.");
        }
    }

    /// <summary>What is wrong with an item becomes a value with its name; a cancellation or a full disk stays an exception.</summary>
    private static (T? Value, BadItem? Fault) TryMake<T>(ManifestItem item, Func<T> make)
    {
        try
        {
            return (make(), null);
        }
        catch (TrainerException e)
        {
            return (default, new(item.Id, e.Code.StartsWith("data.", StringComparison.Ordinal) ? e.Code : "data.volume", e.Message));
        }
        catch (HSENetModelException e) when (e.Code is not ("model.library" or "model.runtime" or "model.directory" or "model.incomplete"))
        {
            return (default, new(item.Id, "data.volume", $"{e.Code}: {e.Message}"));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return (default, new(item.Id, "data.missing", e.Message));
        }
    }
}
