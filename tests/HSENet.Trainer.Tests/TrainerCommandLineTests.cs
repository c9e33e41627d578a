using HSENet.TestKit;
using HSENet.Trainer.Commands;

namespace HSENet.Trainer.Tests;

/// <summary>The command line as somebody meets it who does not know it.</summary>
public sealed class TrainerCommandLineTests
{
    public static TheoryData<string> Commands { get; } = [.. CommandTree.Paths(TrainerCommands.Create())];

    [Theory]
    [MemberData(nameof(Commands))]
    public void Every_command_explains_itself(string path)
    {
        var run = TrainerRun.Of([.. path.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]).Done();
        Assert.Contains($"hsenet-train {path}".TrimEnd(), run.Output, StringComparison.Ordinal);
        Assert.Equal("", run.Error);
        Assert.All(run.Output.Split('\n'), line => Assert.True(line.Length <= 110, line));
    }

    [Fact]
    public void Every_command_and_option_has_a_description_and_none_is_hidden() => CommandTree.AssertDescribed(TrainerCommands.Create());

    [Fact]
    public void Version_is_one_line() => Assert.Matches(@"^hsenet-train \d+\.\d+\.\d+\S*\n$", TrainerRun.Of("--version").Done().Output);

    [Theory]
    [InlineData("needs one of import, encode")]
    [InlineData("There is no hsenet-train dance", "dance")]
    [InlineData("--count 0: a whole number from 1 to 1000000", "phantoms", "--out", "x", "--count", "0")]
    [InlineData("'--count' is required", "phantoms", "--out", "x")]
    [InlineData("--task prose: one of retrieval, report, vqa", "evaluate", "--task", "prose", "--data", "x", "--model", "x", "--out", "x")]
    [InlineData("for --task report", "evaluate", "--task", "vqa", "--data", "x", "--model", "x", "--out", "x", "--swap-images")]
    [InlineData("--ratescore is given twice", "score", "--references", "x", "--candidates", "x", "--out", "x", "--ratescore", "a", "b", "--ratescore", "c")]
    [InlineData("--published-seconds much: a positive number", "evaluate", "--task", "vqa", "--data", "x", "--model", "x", "--out", "x", "--published-seconds", "much")]
    [InlineData("wrong usage: --stage 3: a whole number from 1 to 2", "pretrain", "--stage", "3", "--data", "x", "--out", "x")]
    [InlineData("--teacher is for stage 2", "pretrain", "--stage", "1", "--data", "x", "--preset", "stage1", "--out", "x", "--teacher", "x")]
    [InlineData("--root is needed for --layout ct-rate", "convert", "--layout", "ct-rate", "--out", "x")]
    public void Wrong_usage_is_two_lines_and_exit_code_2(string told, params string[] arguments)
    {
        var run = TrainerRun.Of(arguments);
        Assert.Equal((ExitCode.Usage, ""), (run.Code, run.Output));
        var lines = run.Error.TrimEnd('\n').Split('\n');
        Assert.Equal(2, lines.Length);
        Assert.Contains(told, lines[0], StringComparison.Ordinal);
        Assert.DoesNotContain("System.", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("how it is used: hsenet-train ", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_command_that_this_version_lacks_says_so() => TrainerRun.Of("adapters", "list").Refused("command.not-available");
}
