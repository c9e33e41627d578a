using HSENet.Model.Weights;
using HSENet.Trainer.Contrastive;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Trainer.Training.Distributed;

/// <summary>
/// The processes that <c>mpirun</c> started. Values go through buffers of fp32 in the CPU's memory, a few million at a time; tensors of a GPU are
/// copied there and back.
/// </summary>
internal sealed unsafe class MpiGroup : IProcessGroup
{
    private const long BucketElements = 1 << 23;

    private readonly MpiLibrary _mpi = MpiLibrary.Start();

    public MpiGroup() => Features = new MpiFeatureGather(this);

    public int Rank => _mpi.Rank;

    public int Count => _mpi.Count;

    public IFeatureGather Features { get; }

    public void Average(IReadOnlyList<Tensor> tensors)
    {
        Agree(tensors.Count, "tensors");
        ForBuckets(tensors, bucket =>
        {
            _mpi.Sum((float*)TensorMemory.Pointer(bucket), (int)bucket.numel());
            bucket.div_(Count);
        });
    }

    public void Broadcast(IReadOnlyList<Tensor> tensors) => ForBuckets(tensors, bucket => _mpi.Broadcast((float*)TensorMemory.Pointer(bucket), (int)bucket.numel()));

    public bool Any(bool value)
    {
        float sum = value ? 1 : 0;
        _mpi.Sum(&sum, 1);
        return sum > 0;
    }

    /// <param name="rows">[B, dim] float32 on the CPU, the same shape everywhere</param>
    /// <returns>[processes * B, dim]</returns>
    /// <exception cref="TrainerException"><c>training.ranks</c>: the shapes differ.</exception>
    public Tensor Gather(Tensor rows)
    {
        Agree(rows.shape[0], "studies");
        var all = empty([Count * rows.shape[0], rows.shape[1]], ScalarType.Float32);
        _mpi.Gather((float*)TensorMemory.Pointer(rows), (int)rows.numel(), (float*)TensorMemory.Pointer(all));
        return all;
    }

    public void Leave() => _mpi.Finish();

    public void Dispose()
    {
    }

    private static void ForBuckets(IReadOnlyList<Tensor> tensors, Action<Tensor> work)
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
            var bucket = cat([.. part.Select(tensor => tensor.detach().reshape(-1).to(float32).cpu())]);   // [elements], a copy
            work(bucket);
            foreach (var (tensor, values) in part.Zip(bucket.split([.. part.Select(tensor => tensor.numel())])))
            {
                tensor.copy_(values.reshape(tensor.shape));
            }

            first = last;
        }
    }

    private void Agree(long number, string what)
    {
        var (own, all) = ((float)number, new float[Count]);
        fixed (float* gathered = all)
        {
            _mpi.Gather(&own, 1, gathered);
        }

        if (all.Distinct().Count() > 1)
        {
            throw new TrainerException("training.ranks", $"The processes have different numbers of {what} in one step: {string.Join(", ", all)}.");
        }
    }
}
