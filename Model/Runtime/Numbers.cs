using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Model.Runtime;

/// <summary>
/// Arithmetic of tensors with C# numbers. TorchSharp hands native code the bare address of the object that a number becomes, and nothing
/// refers to the object from then on: a garbage collection during the call lets its finaliser free what the call still reads, which throws
/// "Expected false to be true" or computes with freed memory. The sum of two tensors is such a call too, since it hands over the factor 1.
/// So a number is held until the call has returned: by a static field, or by <c>using</c>, whose finally block is a use of the object as
/// <see cref="GC.KeepAlive"/> is. The build refuses TorchSharp's own conversions and what relies on them
/// (.config/BannedSymbols.TorchSharp.txt).
/// </summary>
internal static class Numbers
{
    public static readonly Scalar Zero = 0.ToScalar();
    public static readonly Scalar One = 1.ToScalar();
    public static readonly Scalar Two = 2.ToScalar();
    public static readonly Scalar NegativeInfinity = float.NegativeInfinity.ToScalar();

    /// <returns>values + other</returns>
    public static Tensor Plus(this Tensor values, Tensor other) => values.add(other, One);

    /// <returns>values + number; a whole number leaves whole values whole</returns>
    public static Tensor Plus(this Tensor values, long number)
    {
        using var held = number.ToScalar();
        return values.add(held, One);
    }

    /// <returns>values + number</returns>
    public static Tensor Plus(this Tensor values, double number)
    {
        using var held = number.ToScalar();
        return values.add(held, One);
    }

    /// <returns>values * factor</returns>
    public static Tensor Times(this Tensor values, double factor)
    {
        using var held = factor.ToScalar();
        return values.mul(held);
    }

    /// <returns>values / divisor</returns>
    public static Tensor Over(this Tensor values, double divisor)
    {
        using var held = divisor.ToScalar();
        return values.div(held);
    }

    /// <returns>values * values</returns>
    public static Tensor Squared(this Tensor values) => values.pow(Two);

    /// <summary>values *= factor.</summary>
    public static void Scale(this Tensor values, double factor)
    {
        using var held = factor.ToScalar();
        values.mul_(held);
    }

    /// <summary>values /= divisor.</summary>
    public static void Divide(this Tensor values, double divisor)
    {
        using var held = divisor.ToScalar();
        values.div_(held);
    }

    /// <summary>Every value becomes the number.</summary>
    public static void Fill(this Tensor values, double number)
    {
        using var held = number.ToScalar();
        values.fill_(held);
    }

    /// <returns>No value below lowest or above highest.</returns>
    public static Tensor Between(this Tensor values, double lowest, double highest)
    {
        using var least = lowest.ToScalar();
        using var most = highest.ToScalar();
        return values.clamp(least, most);
    }

    /// <returns>0, 1, … count - 1; int64</returns>
    public static Tensor Range(long count, Device device)
    {
        using var end = count.ToScalar();
        return arange(Zero, end, One, ScalarType.Int64, device);
    }

    /// <returns>The only value of a tensor of whatever type and device.</returns>
    public static double Read(this Tensor value)
    {
        using var held = value.ToScalar();
        return held.ToDouble();
    }
}
