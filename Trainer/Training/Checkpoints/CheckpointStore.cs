using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using HSENet.Model.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Trainer.Training.Checkpoints;

/// <summary>
/// The checkpoints of a run: folders <c>step-N</c> that appear under their name only when every file is on disk. The last two are kept, so that a
/// damaged one costs an interval and not the run.
/// </summary>
internal sealed class CheckpointStore(string root)
{
    private const int Kept = 2;
    private const string Prefix = "step-";
    private const string Partial = ".partial-";
    private const string StateFile = "state.json";
    private const string ParametersFile = "parameters.safetensors";
    private const string OptimizerFile = "optimizer.safetensors";

    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { WriteIndented = true, NewLine = "\n", RespectNullableAnnotations = true };

    /// <summary>Steps of the checkpoints there are, newest first.</summary>
    public IReadOnlyList<long> Steps => !Directory.Exists(root) ? [] :
    [
        .. Directory.EnumerateDirectories(root, Prefix + "*")
            .Select(path => long.TryParse(Path.GetFileName(path)[Prefix.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var step) ? step : -1)
            .Where(step => step >= 0).OrderDescending(),
    ];

    /// <summary>Writes a checkpoint and removes those that are not kept.</summary>
    /// <exception cref="TrainerException"><c>checkpoint.write</c>: the disk did not take it; those that were there stay.</exception>
    public void Save(CheckpointState state, IEnumerable<KeyValuePair<string, Tensor>> parameters, IEnumerable<KeyValuePair<string, Tensor>> optimizer)
    {
        try
        {
            Write(state, parameters, optimizer);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            var last = Steps is [var step, ..] ? $"the last good one is {PathOf(step)}, go on from it with --resume" : "there is none before it";
            throw new TrainerException("checkpoint.write", $"The checkpoint of step {state.Step} could not be written: {e.Message}; {last}.", e);
        }
    }

    /// <summary>Fills the tensors from the newest checkpoint that is sound.</summary>
    /// <param name="parameters">By name; all or nothing.</param>
    /// <param name="optimizer">Likewise.</param>
    /// <param name="fingerprint">Must be that of the checkpoint.</param>
    /// <param name="warn">Is told of a checkpoint that is damaged.</param>
    /// <returns>Null: there is none.</returns>
    /// <exception cref="TrainerException">
    /// <c>checkpoint.damaged</c>: none of them can be used; <c>checkpoint.other</c>: it belongs to other settings or data, the message names them.
    /// </exception>
    public CheckpointState? Load(
        IReadOnlyDictionary<string, Tensor> parameters, IReadOnlyDictionary<string, Tensor> optimizer, IReadOnlyDictionary<string, string> fingerprint, Action<string> warn)
    {
        var steps = Steps;
        foreach (var step in steps)
        {
            if (Read(step) is not { } state)
            {
                warn($"checkpoint {PathOf(step)} is damaged and is not used");
                continue;
            }

            var other = fingerprint.Keys.Union(state.Fingerprint.Keys).Where(name => fingerprint.GetValueOrDefault(name) != state.Fingerprint.GetValueOrDefault(name)).Order(StringComparer.Ordinal)
                .Select(name => $"{name} was {state.Fingerprint.GetValueOrDefault(name) ?? "not there"} and is {fingerprint.GetValueOrDefault(name) ?? "not there"}").ToList();
            if (other.Count > 0)
            {
                throw new TrainerException("checkpoint.other", $"{PathOf(step)} belongs to another run: {string.Join("; ", other)}.");
            }

            WeightLoader.Load(
            [
                new WeightPart("checkpoint parameters", [new WeightFile(Path.Combine(PathOf(step), ParametersFile))], parameters),
                new WeightPart("checkpoint optimiser", [new WeightFile(Path.Combine(PathOf(step), OptimizerFile))], optimizer),
            ]);
            return state;
        }

        return steps.Count == 0 ? null : throw new TrainerException("checkpoint.damaged", $"None of the {steps.Count} checkpoints in {root} is sound.");
    }

    private void Write(CheckpointState state, IEnumerable<KeyValuePair<string, Tensor>> parameters, IEnumerable<KeyValuePair<string, Tensor>> optimizer)
    {
        Directory.CreateDirectory(root);
        foreach (var left in Directory.EnumerateDirectories(root, Partial + "*"))
        {
            Directory.Delete(left, recursive: true);
        }

        var partial = Path.Combine(root, Partial + Name(state.Step));
        Directory.CreateDirectory(partial);
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            [ParametersFile] = SafeTensorsWriter.WriteItems(Path.Combine(partial, ParametersFile), parameters.Select(Item)),
            [OptimizerFile] = SafeTensorsWriter.WriteItems(Path.Combine(partial, OptimizerFile), optimizer.Select(Item)),
        };
        using (var stream = new FileStream(Path.Combine(partial, StateFile), FileMode.Create, FileAccess.Write))
        {
            JsonSerializer.Serialize(stream, state with { Files = files }, s_json);
            DiskSync.Flush(stream);
        }

        var target = PathOf(state.Step);
        if (Directory.Exists(target))
        {
            Directory.Delete(target, recursive: true);
        }

        Directory.Move(partial, target);
        foreach (var old in Steps.Skip(Kept))
        {
            Directory.Delete(PathOf(old), recursive: true);
        }
    }

    private static SafeTensorsItem Item(KeyValuePair<string, Tensor> item) => new(item.Key, item.Value.dtype, item.Value.shape, item.Value.alias);

    private static string Name(long step) => $"{Prefix}{step:D8}";

    private string PathOf(long step) => Path.Combine(root, Name(step));

    /// <returns>Null: damaged.</returns>
    private CheckpointState? Read(long step)
    {
        try
        {
            var state = JsonSerializer.Deserialize<CheckpointState>(File.ReadAllBytes(Path.Combine(PathOf(step), StateFile)), s_json);
            return state is { Format: CheckpointState.CurrentFormat } && state.Step == step
                && state.Files.Keys.Order(StringComparer.Ordinal).SequenceEqual([OptimizerFile, ParametersFile])
                && state.Files.All(file => Digest(Path.Combine(PathOf(step), file.Key)) == file.Value) ? state : null;
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string Digest(string path)
    {
        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
