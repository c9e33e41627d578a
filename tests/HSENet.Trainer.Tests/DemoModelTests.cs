using HSENet.Model;
using HSENet.TestKit;
using HSENet.Trainer.Commands;

namespace HSENet.Trainer.Tests;

public sealed class DemoModelTests : IDisposable
{
    private static readonly string s_untrained = Repo.Path("tests", "data", "untrained-model");

    private readonly TempFolder _folder = new("demo-model");

    [Fact]
    public void The_command_repeats_the_untrained_model_of_the_tests_byte_for_byte()
    {
        Assert.Equal(ExitCode.Done, Run("demo-model", "--untrained", "--out", _folder.Root).Code);

        var kept = Files(s_untrained);
        var made = Files(_folder.Root);
        Assert.Equal(kept.Keys.Order(StringComparer.Ordinal), made.Keys.Order(StringComparer.Ordinal));
        foreach (var (name, bytes) in kept)
        {
            Assert.True(bytes.AsSpan().SequenceEqual(made[name]), $"{name} differs: run 'dotnet run --project Trainer -- demo-model --untrained --out tests/data/untrained-model'");
        }
    }

    [Fact]
    public void Another_seed_makes_another_untrained_model_that_loads()
    {
        Assert.Equal(ExitCode.Done, Run("demo-model", "--untrained", "--out", _folder.Root, "--seed", "7").Code);
        using var model = HSENetModel.Load(_folder.Root, "cpu");
        using var kept = HSENetModel.Load(s_untrained, "cpu");
        Assert.NotEqual(kept.Identity.Digest, model.Identity.Digest);
    }

    [Fact]
    public void The_shipped_model_stays_small() =>
        Assert.InRange(Files(Repo.Path("Model", "Demo")).Values.Sum(bytes => bytes.LongLength), 1, 4L << 20);

    [Theory]
    [InlineData]
    [InlineData("nonsense")]
    [InlineData("demo-model")]
    [InlineData("demo-model", "--out")]
    [InlineData("demo-model", "--out", "x", "--seed", "-1")]
    [InlineData("demo-model", "--out", "x", "--colour", "red")]
    [InlineData("demo-model", "--out", "x", "--cases", "2")]
    public void A_wrong_command_line_exits_with_2_and_says_where_the_usage_is(params string[] args)
    {
        var (code, _, error) = Run(args);
        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains("how it is used: hsenet-train", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("adapters")]
    public void A_command_that_is_still_to_come_says_so(string command)
    {
        var (code, _, error) = Run(command, "--anything");
        Assert.Equal(ExitCode.Error, code);
        Assert.StartsWith("error command.not-available: ", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_place_that_cannot_be_written_is_an_error()
    {
        File.WriteAllText(_folder.Path("file"), "");
        var (code, _, error) = Run("demo-model", "--out", _folder.Path("file", "below"));
        Assert.Equal(ExitCode.Error, code);
        Assert.StartsWith("error io.failed: ", error, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static Dictionary<string, byte[]> Files(string directory) =>
        Directory.GetFiles(directory).ToDictionary(path => Path.GetFileName(path), File.ReadAllBytes);

    private static (int Code, string Output, string Error) Run(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        return (TrainerCommands.Run(args, output, error), output.ToString(), error.ToString());
    }
}
