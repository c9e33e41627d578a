using System.Globalization;
using HSENet.Trainer.Data;

namespace HSENet.Trainer.Training.Records;

/// <summary>For who watches: a line now and then with rate and time left, one for each epoch, one for each item left out. Epochs go to the log too.</summary>
/// <param name="output">The console.</param>
/// <param name="log">A file.</param>
/// <param name="time">For rates.</param>
/// <param name="interval">Between two lines of progress.</param>
internal sealed class ProgressLines(TextWriter output, TextWriter log, TimeProvider time, TimeSpan interval) : ITrainingObserver
{
    private readonly long _start = time.GetTimestamp();
    private TimeSpan _last;
    private (long Steps, long Cases) _done;

    public void Step(StepResult result)
    {
        _done = (_done.Steps + 1, _done.Cases + result.Cases);
        var elapsed = time.GetElapsedTime(_start);
        if (elapsed < _last + interval || elapsed <= TimeSpan.Zero)
        {
            return;
        }

        _last = elapsed;
        var left = elapsed / _done.Steps * (result.Steps - result.Step);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"step {result.Step} of {result.Steps}, epoch {result.Epoch + 1}, loss {result.Loss:F4}, rate {result.LearningRate:G3}, {_done.Steps / elapsed.TotalSeconds:F2} steps/s, {_done.Cases / elapsed.TotalSeconds:F1} studies/s, {Left(left)} left"));
    }

    public void Epoch(EpochResult result)
    {
        var parts = string.Concat(result.Parts.Select(part => string.Create(CultureInfo.InvariantCulture, $", {part.Key} {part.Value:F4}")));
        var line = string.Create(CultureInfo.InvariantCulture, $"epoch {result.Epoch + 1} of {result.Epochs}, step {result.Step} of {result.Steps}, loss {result.Loss:F4}{parts}, {result.LeftOut} left out");
        output.WriteLine(line);
        Log(line);
    }

    public void LeftOut(BadItem item)
    {
        var line = $"left out: {item.Name}: {item.Code}: {item.Detail}";
        output.WriteLine(line);
        Log(line);
    }

    public void Saved(long step) => Log(string.Create(CultureInfo.InvariantCulture, $"checkpoint at step {step}"));

    private static string Left(TimeSpan span) => string.Create(CultureInfo.InvariantCulture, $"{(long)span.TotalHours:D2}:{span.Minutes:D2}:{span.Seconds:D2}");

    private void Log(string line)
    {
        log.WriteLine($"{time.GetUtcNow():yyyy-MM-ddTHH:mm:ssZ} {line}");
        log.Flush();
    }
}
