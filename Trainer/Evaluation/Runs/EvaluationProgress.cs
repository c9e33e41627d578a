using System.Diagnostics;
using System.Globalization;

namespace HSENet.Trainer.Evaluation.Runs;

/// <summary>A line now and then: how much is done, how fast, how long it will take.</summary>
internal sealed class EvaluationProgress
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(10);

    private readonly TextWriter _output;
    private readonly string _what;
    private readonly int _total;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private TimeSpan _next = s_interval;
    private int _made;

    /// <param name="output">Where lines go.</param>
    /// <param name="what">What is counted.</param>
    /// <param name="total">All of them.</param>
    /// <param name="earlier">Done by an earlier run.</param>
    public EvaluationProgress(TextWriter output, string what, int total, int earlier)
    {
        (_output, _what, _total, Done) = (output, what, total, earlier);
        output.WriteLine(earlier > 0 ? $"{what}: {total}, {earlier} of them done before" : $"{what}: {total}");
    }

    public int Done { get; private set; }

    /// <summary>One more, made or left out.</summary>
    public void Advance()
    {
        Done++;
        _made++;
        if (_clock.Elapsed < _next || Done == _total)
        {
            return;
        }

        _next = _clock.Elapsed + s_interval;
        var left = _clock.Elapsed * ((double)(_total - Done) / _made);
        _output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{_what}: {Done} of {_total}, {_made / _clock.Elapsed.TotalMinutes:F1} a minute, {Text(left)} left"));
    }

    private static string Text(TimeSpan time) => time.TotalHours >= 1
        ? string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours} h {time.Minutes} min")
        : time.TotalMinutes >= 1 ? $"{time.Minutes} min {time.Seconds} s" : $"{time.Seconds} s";
}
