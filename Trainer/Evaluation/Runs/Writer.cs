using System.Diagnostics;
using HSENet.Model;
using HSENet.Model.Generation;
using HSENet.Model.Runtime;
using HSENet.Model.Vision;
using HSENet.Trainer.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Trainer.Evaluation.Runs;

/// <summary>A loaded model that writes about studies which are preprocessed already.</summary>
internal sealed class Writer(HSENetModel model, Vit3DConfig image) : IDisposable
{
    /// <exception cref="HSENetModelException"><c>model.incomplete</c>: the directory writes no reports.</exception>
    public void NeedReports() => _ = model.Prompt;

    /// <summary>Writes one text for each question about a study, or its report.</summary>
    /// <param name="study">Shown.</param>
    /// <param name="questions">Null: the report.</param>
    /// <param name="stop">Looked at between tokens.</param>
    /// <returns>The texts, and the seconds of the one encoding.</returns>
    /// <exception cref="HSENetModelException"><c>generation.*</c>, <c>model.*</c>.</exception>
    /// <exception cref="TrainerException"><c>data.shape</c>.</exception>
    public (IReadOnlyList<GeneratedText> Texts, double EncodeSeconds) Write(TrainingCase study, IReadOnlyList<string>? questions, CancellationToken stop) => TensorLibrary.Run(() =>
    {
        using var scope = NewDisposeScope();
        var start = Stopwatch.GetTimestamp();
        var encoding = model.EncodePrepared(PreparedTensors.Volume(study, image), PreparedTensors.Slices(study, image), questions is not null, stop);
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        GeneratedText[] texts = questions is null
            ? [model.WriteAbout(encoding.Tokens, null, stop)]
            : [.. questions.Select(question => model.WriteAbout(encoding.Tokens, question, stop))];
        NativeHeap.Trim();
        return ((IReadOnlyList<GeneratedText>)texts, seconds);
    });

    /// <returns>Scores of the local tower, row-major over the grid; null where nothing scores the patches.</returns>
    public float[]? Scores(TrainingCase study) => TensorLibrary.Run(() =>
    {
        using var scope = NewDisposeScope();
        var encoding = model.EncodePrepared(PreparedTensors.Volume(study, image), PreparedTensors.Slices(study, image), false, CancellationToken.None);
        return encoding.PatchScores?.cpu().data<float>().ToArray();
    });

    public void Dispose() => model.Dispose();
}
