namespace HSENet.Model.Weights.PyTorch;

/// <summary>What a pickle of tensors may take. A file with every tensor of the published models stays a hundred times below each of them.</summary>
internal static class PickleLimits
{
    /// <summary>Bytes of one pickle.</summary>
    public const int Bytes = 16 << 20;

    /// <summary>Opcodes of one pickle: bounds every stack, list and memo.</summary>
    public const int Operations = 2_000_000;

    /// <summary>Objects that may be remembered.</summary>
    public const int Memo = 500_000;

    /// <summary>Values on the stack.</summary>
    public const int Stack = 500_000;

    /// <summary>Bytes of one string.</summary>
    public const int Text = 1 << 20;

    /// <summary>Dictionaries within dictionaries on the way to a tensor.</summary>
    public const int Depth = 16;

    /// <summary>Values visited while tensors are looked for; an object that is referred to many times counts each time.</summary>
    public const int Visits = 2_000_000;

    /// <summary>Axes of a tensor.</summary>
    public const int Axes = 16;
}
