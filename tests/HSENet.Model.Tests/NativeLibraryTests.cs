using static TorchSharp.torch;

namespace HSENet.Model.Tests;

public sealed class NativeLibraryTests
{
    [Fact]
    public void Native_library_loads_and_adds_two_tensors()
    {
        using var sum = ones(2, 3) + ones(2, 3);
        Assert.Equal(12f, sum.sum().item<float>());
    }
}
