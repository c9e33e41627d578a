using HSENet.TestKit;
using HSENet.Trainer.Commands;

namespace HSENet.Trainer.Tests;

/// <summary>A fault that nobody thought of: told by its type and place, without its message, and not as a crash of the runtime.</summary>
public sealed class UnexpectedExceptionTests : IDisposable
{
    private readonly TempFolder _folder = new("unexpected");

    [Fact]
    public void Exception_that_no_command_expects_is_an_error_with_a_code()
    {
        using var error = new StringWriter();
        var closed = new StringWriter();
        closed.Dispose();
        var code = TrainerCommands.Run(["phantoms", "--out", _folder.Path("out"), "--count", "1", "--size", "32x64x64"], closed, error);
        Assert.Equal(ExitCode.Error, code);
        Assert.StartsWith("error internal.exception: ObjectDisposedException at ", error.ToString(), StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();
}
