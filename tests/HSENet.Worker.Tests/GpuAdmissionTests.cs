using HSENet.Dicom.Series;
using HSENet.Model;
using HSENet.Worker.Configuration;
using HSENet.Worker.Inference;
using HSENet.Worker.Observability;
using Microsoft.Extensions.Logging.Abstractions;

namespace HSENet.Worker.Tests;

/// <summary>Whether a job is taken, by what is said of the GPU's memory. Numbers are GiB.</summary>
public sealed class GpuAdmissionTests
{
    private readonly WorkerSettings _settings = new();
    private readonly Gpu _gpu = new();

    public GpuAdmissionTests()
    {
        _settings.Model.JobMemory = ByteSize.FromGiB(2);
    }

    [Theory]
    [InlineData(3, true)]
    [InlineData(2, true)]
    [InlineData(1, false)]
    public void A_job_is_taken_when_enough_is_free(int free, bool isTaken)
    {
        _gpu.Set(free, own: 8);
        var admission = Admission();
        Assert.Equal(isTaken, admission.HasRoom());
        Assert.Equal(isTaken ? null : "GPU 0: 1024 MiB free, 2048 MiB wanted", admission.Shortage);
        Assert.Equal(isTaken ? DependencyLevel.Ok : DependencyLevel.Degraded, admission.State()!.Level);
        Assert.Equal(isTaken ? null : "job.gpu-memory", admission.State()!.Code);
    }

    [Fact]
    public void What_the_process_keeps_of_earlier_jobs_is_there_for_the_next_one()
    {
        var admission = Admission();
        _gpu.Set(free: 3, own: 8);
        Assert.True(admission.HasRoom());
        _gpu.Set(free: 1, own: 10);
        Assert.True(admission.HasRoom());
    }

    [Fact]
    public void What_another_process_claims_is_not_and_the_wait_ends_when_it_goes()
    {
        var admission = Admission();
        _gpu.Set(free: 3, own: 8);
        Assert.True(admission.HasRoom());
        _gpu.Set(free: 1, own: 8);
        Assert.False(admission.HasRoom());
        _gpu.Set(free: 3, own: 8);
        Assert.True(admission.HasRoom());
        Assert.Null(admission.Shortage);
    }

    [Fact]
    public void On_the_processor_or_when_it_is_not_to_be_looked_at_every_job_is_taken()
    {
        _gpu.Set(free: 0, own: 8);
        _settings.Model.JobMemory = default;
        Assert.True(Admission().HasRoom());
        _settings.Model.JobMemory = ByteSize.FromGiB(2);
        var onProcessor = Admission(gpuIndex: null);
        Assert.True(onProcessor.HasRoom());
        Assert.Null(onProcessor.State());
    }

    [Fact]
    public void A_driver_that_says_nothing_keeps_no_job_waiting()
    {
        Assert.True(Admission().HasRoom());
    }

    [Theory]
    [InlineData(0, null, 0)]
    [InlineData(1, "", 1)]
    [InlineData(0, "3", 3)]
    [InlineData(1, "3, 2", 2)]
    [InlineData(1, "3", null)]
    [InlineData(0, "GPU-5f3c", null)]
    public void Cuda_counts_the_devices_that_it_may_see(int index, string? visible, int? driverIndex)
    {
        Assert.Equal(driverIndex, NvidiaGpuMemory.DriverIndex(index, visible));
    }

    [Fact]
    public void Of_the_processes_on_a_GPU_our_own_is_known_by_its_id_or_by_being_the_only_one()
    {
        Assert.Equal(7, NvidiaGpuMemory.Own([(5, 9), (6, 7)], processId: 6));
        Assert.Equal(9, NvidiaGpuMemory.Own([(5, 9)], processId: 6));
        Assert.Null(NvidiaGpuMemory.Own([(5, 9), (7, 7)], processId: 6));
        Assert.Null(NvidiaGpuMemory.Own([], processId: 6));
    }

    private GpuAdmission Admission(int? gpuIndex = 0) => new(_settings, new Model(gpuIndex), _gpu, NullLogger<GpuAdmission>.Instance);

    private sealed class Gpu : IGpuMemory
    {
        private GpuReading? _reading;

        public GpuReading? Read(int index) => _reading;

        public void Set(long free, long own) => _reading = new GpuReading(free << 30, own << 30);
    }

    private sealed class Model(int? gpuIndex) : IReportModel
    {
        public ModelIdentity Identity => throw new NotSupportedException();

        public string SettingsJson => throw new NotSupportedException();

        public int? GpuIndex => gpuIndex;

        public Task LoadAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<GeneratedReport> GenerateAsync(CtVolume volume, IProgress<ModelStage> progress, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
