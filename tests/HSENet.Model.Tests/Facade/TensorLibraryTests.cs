using HSENet.Model.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Model.Tests.Facade;

public sealed class TensorLibraryTests
{
    [Fact]
    public void A_failure_of_the_tensor_library_becomes_an_error_of_one_line_with_a_code()
    {
        using var scope = NewDisposeScope();
        var refusal = Assert.Throws<HSENetModelException>(() => TensorLibrary.Run(() => ones(2) + ones(3)));
        Assert.Equal("model.runtime", refusal.Code);
        Assert.DoesNotContain('\n', refusal.Message);
    }

    [Fact]
    public void Memory_that_cannot_be_had_is_an_error_with_a_code() =>
        Assert.Equal("model.runtime", Assert.Throws<HSENetModelException>(() => TensorLibrary.Run(() => empty(1L << 50))).Code);

    [Fact]
    public void A_library_that_does_not_load_is_an_error_with_a_code() =>
        Assert.Equal(
            "model.library",
            Assert.Throws<HSENetModelException>(() => TensorLibrary.Run<int>(() => throw new DllNotFoundException("libtorch"))).Code);
}
