using static TorchSharp.torch;

namespace HSENet.Model.Weights.PyTorch;

/// <summary>The few names that a pickle of tensors needs. Nothing is looked up or called by them: each has its own case in this code.</summary>
internal static class PickleGlobals
{
    public const string OrderedDict = "collections.OrderedDict";
    public const string RebuildTensor = "torch._utils._rebuild_tensor";
    public const string RebuildTensorV2 = "torch._utils._rebuild_tensor_v2";
    public const string RebuildParameter = "torch._utils._rebuild_parameter";
    public const string RebuildParameterWithState = "torch._utils._rebuild_parameter_with_state";
    public const string Size = "torch.Size";

    private static readonly Dictionary<string, (ScalarType Type, int Size)> s_storages = new(StringComparer.Ordinal)
    {
        ["torch.DoubleStorage"] = (ScalarType.Float64, 8),
        ["torch.FloatStorage"] = (ScalarType.Float32, 4),
        ["torch.HalfStorage"] = (ScalarType.Float16, 2),
        ["torch.BFloat16Storage"] = (ScalarType.BFloat16, 2),
        ["torch.LongStorage"] = (ScalarType.Int64, 8),
        ["torch.IntStorage"] = (ScalarType.Int32, 4),
        ["torch.ShortStorage"] = (ScalarType.Int16, 2),
        ["torch.CharStorage"] = (ScalarType.Int8, 1),
        ["torch.ByteStorage"] = (ScalarType.Byte, 1),
        ["torch.BoolStorage"] = (ScalarType.Bool, 1),
    };

    private static readonly HashSet<string> s_functions =
        [OrderedDict, RebuildTensor, RebuildTensorV2, RebuildParameter, RebuildParameterWithState, Size];

    public static bool IsAllowed(string name) => s_functions.Contains(name) || s_storages.ContainsKey(name);

    public static bool TryFindStorage(string name, out (ScalarType Type, int Size) storage) => s_storages.TryGetValue(name, out storage);
}
