using HSENet.Model.Runtime;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace HSENet.Model.Language;

/// <summary>
/// A linear layer of the decoder, without bias: a base matrix in one of the storages, and the low-rank pair of the adapter in use. The base is
/// never written to after loading, so that leaving an adapter gives it back bit for bit.
/// </summary>
internal sealed class DecoderLinear : Module<Tensor, Tensor>
{
    private const string WeightName = "weight";
    private const string ScaleName = "weight_scale";

    private LoraPair? _adapter;
    private Tensor? _merged;   // [out, in]

    /// <param name="inputs">Width of the input.</param>
    /// <param name="outputs">Width of the output.</param>
    /// <param name="storage">Null: float32, initialised for training; else the values are undefined until they are loaded.</param>
    public DecoderLinear(int inputs, int outputs, WeightStorage? storage)
        : base(nameof(DecoderLinear))
    {
        if (storage is { IsInt8: true })
        {
            register_buffer(WeightName, empty(outputs, inputs, ScalarType.Int8).DetachFromDisposeScope());
            register_buffer(ScaleName, empty(outputs, ScalarType.Float32).DetachFromDisposeScope());
            return;
        }

        register_parameter(WeightName, WeightStorage.NewMatrix(storage, outputs, inputs));
        if (storage is null)
        {
            init.kaiming_uniform_(get_parameter(WeightName)!, Math.Sqrt(5));
        }
    }

    /// <summary>[out, in] as stored.</summary>
    public Tensor Weight => get_parameter(WeightName) ?? get_buffer(WeightName)!;

    /// <summary>[out]; null when the matrix is not int8.</summary>
    public Tensor? Scale => has_buffer(ScaleName) ? get_buffer(ScaleName) : null;

    /// <summary>Puts an adapter in place of the one in use.</summary>
    /// <param name="adapter">Null: the base alone.</param>
    /// <param name="merged">True: base plus product as one more matrix, faster and larger; false: the pair runs beside the base.</param>
    /// <exception cref="HSENetModelException"><c>model.precision</c>: an int8 base cannot be merged without another rounding.</exception>
    public void Use(LoraPair? adapter, bool merged)
    {
        _merged?.Dispose();
        (_adapter, _merged) = (adapter, null);
        if (adapter is null || !merged)
        {
            return;
        }

        if (Scale is not null)
        {
            throw new HSENetModelException("model.precision", "An adapter cannot be merged into int8 weights; use it unmerged.");
        }

        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        _merged = Weight.to_type(ScalarType.Float32).Plus(adapter.Product()).to_type(Weight.dtype).DetachFromDisposeScope();   // [out, in]
    }

    /// <summary>Takes the base matrix over in this layer's storage; int8 is quantized here.</summary>
    /// <param name="values">[out, in], floating point</param>
    public void Store(Tensor values)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        if (Scale is not { } scale)
        {
            Weight.copy_(values);
            return;
        }

        var (narrow, steps) = WeightOnlyLinear.Quantize(values);
        Weight.copy_(narrow);
        scale.copy_(steps);
    }

    /// <param name="input">[…, in]</param>
    /// <returns>[…, out]</returns>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var output = WeightOnlyLinear.Apply(input, _merged ?? Weight, _merged is null ? Scale : null);             // […, out]
        return (_adapter is null || _merged is not null ? output : output.Plus(_adapter.call(input))).MoveToOuterDisposeScope();
    }

    /// <summary>The library moves what is registered; the merged matrix is not, since it belongs to no file.</summary>
    protected override Module _to(DeviceType deviceType, int deviceIndex, bool non_blocking)
    {
        base._to(deviceType, deviceIndex, non_blocking);
        if (_merged is { } merged && (merged.device_type != deviceType || merged.device_index != deviceIndex))
        {
            _merged = merged.to(deviceType, deviceIndex).DetachFromDisposeScope();
            merged.Dispose();
        }

        return this;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _merged?.Dispose();
        }

        base.Dispose(disposing);
    }
}
