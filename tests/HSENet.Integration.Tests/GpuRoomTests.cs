using HSENet.TestKit;
using HSENet.Worker.Inference;
using HSENet.Worker.Observability;
using Microsoft.Extensions.DependencyInjection;

namespace HSENet.Integration.Tests;

/// <summary>The whole service with a model that says it is on a GPU, and a driver that says what the test wants.</summary>
public sealed class GpuRoomTests
{
    [Fact]
    public async Task A_job_waits_for_room_on_the_GPU_with_a_reason_and_has_not_failed()
    {
        var gpu = new StandInGpu { FreeBytes = 1 << 20 };
        await using var world = await HostWorld.StartAsync(services =>
        {
            services.AddSingleton<IReportModel>(new StandInModel { GpuIndex = 0 });
            services.AddSingleton<IGpuMemory>(gpu);
            services.AddSingleton(new JobTiming { GpuPatience = TimeSpan.FromMilliseconds(100), GpuPause = TimeSpan.FromMilliseconds(100) });
        });
        (await Dcmtk.StoreAsync(world.Ingest.Port, "HSENET", world.Series)).Succeeded();
        await world.UntilAsync("select error_code || ' ' || error_detail from job where attempt = 0", "job.gpu-memory GPU 0: 1 MiB free, 2048 MiB wanted");
        var gpuState = (await world.Get<Readiness>().LookAsync(CancellationToken.None))["gpu"];
        Assert.Equal((DependencyLevel.Degraded, "job.gpu-memory"), (gpuState.Level, gpuState.Code));

        gpu.FreeBytes = 4L << 30;
        await world.UntilAsync("select state || ' ' || attempt || coalesce(error_code, '') from job", "drafted 1");
        var story = await world.AuditAsync();
        Assert.Contains("job.retried job.gpu-memory", story);
        Assert.DoesNotContain(story, row => row.StartsWith("job.failed", StringComparison.Ordinal) || row.StartsWith("job.dead", StringComparison.Ordinal));
        Assert.Single(story, "job.started");
    }

    private sealed class StandInGpu : IGpuMemory
    {
        public long FreeBytes { get; set; }

        public GpuReading? Read(int index) => new(FreeBytes, 1L << 30);
    }
}
