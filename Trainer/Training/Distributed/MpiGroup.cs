using HSENet.Model.Runtime;
using HSENet.Model.Weights;
using HSENet.Trainer.Contrastive;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Trainer.Training.Distributed;

/// <summary>
/// The processes that <c>mpirun</c> started. Values go through buffers of fp32, a few million at a time: in the GPU's memory where the tensors are
/// there and the MPI takes such addresses, else in the CPU's, copied there and back.
/// </summary>
internal sealed unsafe class MpiGroup : IProcessGroup
{
    private const long BucketElements = 1 << 23;

    private readonly MpiLibrary _mpi = MpiLibrary.Start();
    private bool? _takesGpuMemory;

    public MpiGroup() => Features = new MpiFeatureGather(this);

    public int Rank => _mpi.Rank;

    public int Count => _mpi.Count;

    /// <summary>Whether the MPI says that it is built for CUDA; it is believed once a sum has come out right.</summary>
    public bool IsCudaAware => _mpi.IsCudaAware;

    public IFeatureGather Features { get; }

    public void Average(IReadOnlyList<Tensor> tensors)
    {
        this.Agree(tensors.Count, "numbers of tensors in one step");
        ForBuckets(tensors, bucket =>
        {
            _mpi.Sum(Address(bucket), (int)bucket.numel());
            bucket.Divide(Count);
        });
    }

    public void Broadcast(IReadOnlyList<Tensor> tensors) => ForBuckets(tensors, bucket => _mpi.Broadcast(Address(bucket), (int)bucket.numel()));

    public IReadOnlyList<float> All(float value)
    {
        var all = new float[Count];
        fixed (float* gathered = all)
        {
            _mpi.Gather(&value, 1, gathered);
        }

        return all;
    }

    /// <param name="rows">[B, dim] float32, the same shape everywhere</param>
    /// <returns>[processes * B, dim] on the device of the rows</returns>
    /// <exception cref="TrainerException"><c>training.ranks</c>: the shapes differ.</exception>
    public Tensor Gather(Tensor rows)
    {
        this.Agree(rows.shape[0], "numbers of studies in one step");
        using var scope = NewDisposeScope();
        var own = rows.to(Reachable([rows])).contiguous();
        var all = empty([Count * rows.shape[0], rows.shape[1]], ScalarType.Float32, own.device);
        _mpi.Gather(Address(own), (int)own.numel(), Address(all));
        return all.to(rows.device).MoveToOuterDisposeScope();
    }

    public void Leave() => _mpi.Finish();

    public void Dispose()
    {
    }

    /// <summary>Whether this MPI is built for CUDA, and a sum over the GPUs' memory comes out right in every process. The answer is the same in all of them.</summary>
    private bool TakesGpuMemory(Device device) => _takesGpuMemory ??= !this.Any(!IsCudaAware) && !this.Any(!SumsGpuMemory(device));

    /// <summary>Where MPI can read all of the values: the GPU they lie on, or the CPU.</summary>
    private Device Reachable(List<Tensor> values) =>
        values.All(tensor => tensor.device_type == DeviceType.CUDA) && TakesGpuMemory(values[0].device) ? values[0].device : CPU;

    private bool SumsGpuMemory(Device device)
    {
        using var scope = NewDisposeScope();
        using var own = (Rank + 1).ToScalar();
        using var sum = (Count * (Count + 1) / 2f).ToScalar();
        var values = full([1024], own, ScalarType.Float32, device);
        _mpi.Sum(Address(values), 1024);
        return values.eq(sum).all().item<bool>();
    }

    private static float* Address(Tensor values)
    {
        if (values.device_type == DeviceType.CUDA)
        {
            cuda.synchronize(values.device);   // MPI does not know the stream that still writes
        }

        return (float*)TensorMemory.Address(values);
    }

    private void ForBuckets(IReadOnlyList<Tensor> tensors, Action<Tensor> work)
    {
        using var quiet = no_grad();
        for (var first = 0; first < tensors.Count;)
        {
            using var scope = NewDisposeScope();
            var (last, elements) = (first, 0L);
            while (last < tensors.Count && (last == first || elements + tensors[last].numel() <= BucketElements))
            {
                elements += tensors[last++].numel();
            }

            var part = tensors.Skip(first).Take(last - first).ToList();
            var place = Reachable(part);
            var bucket = cat([.. part.Select(tensor => tensor.detach().reshape(-1).to(float32).to(place))]);   // [elements], a copy
            work(bucket);
            foreach (var (tensor, values) in part.Zip(bucket.split([.. part.Select(tensor => tensor.numel())])))
            {
                tensor.copy_(values.reshape(tensor.shape));
            }

            first = last;
        }
    }
}
