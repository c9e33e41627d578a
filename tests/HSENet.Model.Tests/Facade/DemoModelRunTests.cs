using TorchSharp;

namespace HSENet.Model.Tests.Facade;

/// <summary>Cancellation, memory and misuse of the facade. Runs alone: live tensors are counted over the whole process.</summary>
[Collection(AloneCollection.Name)]
public sealed class DemoModelRunTests(DemoModelFixture fixture) : IClassFixture<DemoModelFixture>
{
    private const int SoakRuns = 5;
    private const long ResidentGrowthBytes = 64L << 20;

    private static readonly CtInput s_input = SyntheticChest.Make(32, 64);

    [Fact]
    public void Repeated_reports_leave_no_tensor_and_little_memory_behind()
    {
        for (var run = 0; run < SoakRuns; run++)
        {
            Run();      // until the allocators have their working size: the growth after that is what a leak would show
        }

        var (tensors, resident) = (LiveTensors(), Resident());
        for (var run = 0; run < SoakRuns; run++)
        {
            Run();
            Assert.Equal(tensors, torch.Tensor.TotalCount);
        }

        Assert.InRange(Resident() - resident, long.MinValue, ResidentGrowthBytes);
    }

    [Theory]
    [InlineData(ModelStage.Preprocess)]
    [InlineData(ModelStage.Encode)]
    [InlineData(ModelStage.Prefill)]
    [InlineData(ModelStage.Decode)]
    public void Cancellation_in_any_stage_leaves_the_model_clean_and_usable(ModelStage stage)
    {
        Run();
        var tensors = LiveTensors();
        using var stop = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() => fixture.Model.Generate(s_input, new StopAt(stage, stop), stop.Token));

        Assert.Equal(tensors, torch.Tensor.TotalCount);
        Assert.NotEmpty(Run().Findings);
    }

    [Fact]
    public void A_second_call_during_the_first_is_refused()
    {
        var refused = false;
        var nested = new Callback(() => refused |= Throws<InvalidOperationException>(() => fixture.Model.Generate(s_input, null, CancellationToken.None)));
        fixture.Model.Generate(s_input, nested, TestContext.Current.CancellationToken);
        Assert.True(refused);
    }

    [Fact]
    public void A_volume_that_contradicts_itself_is_refused_and_the_model_stays_usable()
    {
        var broken = s_input with { Shape = (31, 64, 64) };
        Assert.Equal("model.input", Assert.Throws<HSENetModelException>(() => fixture.Model.Generate(broken, null, CancellationToken.None)).Code);
        Assert.NotEmpty(Run().Findings);
    }

    [Fact]
    public void A_disposed_model_refuses_to_work()
    {
        var model = HSENetModel.Load(DemoModelFixture.Directory, "cpu");
        model.Dispose();
        model.Dispose();
        Assert.Throws<ObjectDisposedException>(() => model.Generate(s_input, null, CancellationToken.None));
    }

    /// <summary>After finalizers took what other tests dropped.</summary>
    private static long LiveTensors()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return torch.Tensor.TotalCount;
    }

    /// <summary>Without what the collector merely has not taken yet: that alone is up to 200 MiB here.</summary>
    private static long Resident()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return Environment.WorkingSet;
    }

    private static bool Throws<T>(Action action)
        where T : Exception
    {
        try
        {
            action();
            return false;
        }
        catch (T)
        {
            return true;
        }
    }

    private GeneratedReport Run() => fixture.Model.Generate(s_input, null, TestContext.Current.CancellationToken);

    private sealed class StopAt(ModelStage stage, CancellationTokenSource stop) : IProgress<ModelStage>
    {
        public void Report(ModelStage value)
        {
            if (value == stage)
            {
                stop.Cancel();
            }
        }
    }

    private sealed class Callback(Action action) : IProgress<ModelStage>
    {
        public void Report(ModelStage value) => action();
    }
}
