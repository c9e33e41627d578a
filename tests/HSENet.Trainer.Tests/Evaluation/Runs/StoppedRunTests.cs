using HSENet.Trainer.Evaluation.Runs;

namespace HSENet.Trainer.Tests.Evaluation.Runs;

public sealed class StoppedRunTests(EvaluationWorld world) : IClassFixture<EvaluationWorld>
{
    [Fact]
    public void Stop_keeps_what_was_predicted_and_the_same_request_goes_on()
    {
        var request = new EvaluationRequest
        {
            Task = EvaluationTask.Report, Data = world.Manifest, Model = world.Model, Out = world.NewOut("stopped"), Cache = Path.Combine(world.Root, "cache"),
        };
        using var stop = new CancellationTokenSource();
        using var output = new StoppingWriter(stop);
        Assert.ThrowsAny<OperationCanceledException>(() => Evaluator.Run(request, output, stop.Token));
        Assert.False(File.Exists(Path.Combine(request.Out, "metrics.json")));

        Evaluator.Run(request, TextWriter.Null, CancellationToken.None);
        Assert.Equal(EvaluationWorld.Cases, EvaluationWorld.Metrics(request.Out)["count"]!.GetValue<int>());
    }

    /// <summary>Somebody presses Ctrl-C when the reports begin.</summary>
    private sealed class StoppingWriter(CancellationTokenSource stop) : StringWriter
    {
        public override void WriteLine(string? value)
        {
            if (value?.StartsWith("reports", StringComparison.Ordinal) == true)
            {
                stop.Cancel();
            }
        }
    }
}
