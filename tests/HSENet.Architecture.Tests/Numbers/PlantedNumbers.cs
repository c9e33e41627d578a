using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Architecture.Tests.Numbers;

/// <summary>What the tests of the rule must find, and what they must not; never run.</summary>
internal static class PlantedNumbers
{
    public static Tensor Operator(Tensor values) => values * 2;

    public static Tensor Argument(Tensor values) => values.clamp(0, 1);

    public static Tensor InTheLibrary(Tensor values) => values + values;

    public static double Read(Tensor value) => value.ToDouble();

    public static Tensor Passed(Tensor values) => values.mul(2.ToScalar());

    public static Tensor LeftToTheCollector(Tensor values)
    {
        var two = 2.ToScalar();
        return values.mul(two);
    }

    public static Tensor Held(Tensor values)
    {
        using var two = 2.ToScalar();
        return values.mul(two);
    }
}
