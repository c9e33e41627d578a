using HSENet.TestKit;
using HSENet.Worker.Commands;

namespace HSENet.Worker.Tests.Commands;

/// <summary>The command line as somebody meets it who does not know it: no command here needs a service.</summary>
public sealed class CommandLineTests
{
    private static readonly string[] NoServe = ["--HSENet:Roles=none"];

    public static TheoryData<string> Commands { get; } = [.. CommandTree.Paths(CommandLine.Create())];

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Every_command_explains_itself(string path)
    {
        var (code, output, error) = await RunAsync([.. path.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]);
        Assert.Equal((0, ""), (code, error));
        Assert.Contains($"hsenet-worker {path}".TrimEnd(), output, StringComparison.Ordinal);
        Assert.All(output.Split('\n'), line => Assert.True(line.Length <= 110, line));
    }

    [Fact]
    public void Every_command_and_option_has_a_description_and_none_is_hidden() => CommandTree.AssertDescribed(CommandLine.Create());

    [Fact]
    public async Task Version_is_one_line() => Assert.Matches(@"^hsenet-worker \d+\.\d+\.\d+\S*\n$", (await RunAsync("--version")).Output);

    [Theory]
    [InlineData("there is no such command", "dance")]
    [InlineData("needs one of list, show", "jobs")]
    [InlineData("jobs dance", "jobs", "dance")]
    [InlineData("--limit 0: a whole number from 1 to 10000 is wanted", "jobs", "list", "--limit", "0")]
    [InlineData("--limit many: a whole number from 1 to 10000 is wanted", "jobs", "list", "--limit", "many")]
    [InlineData("--state lost: one of ready, queued", "jobs", "list", "--state", "lost")]
    [InlineData("'--replay'", "jobs", "list", "--replay")]
    [InlineData("'ID' missing", "jobs", "show")]
    [InlineData("not-an-id", "jobs", "retry", "not-an-id")]
    [InlineData("--out FILE.dcm", "process", "folder")]
    [InlineData("--oops", "process", "--oops", "--out", "x.dcm")]
    [InlineData("--out needs a value", "process", "folder", "--out", "--json")]
    [InlineData("--out needs a value", "process", "folder", "--out", "")]
    [InlineData("'--out' expects a single argument", "process", "folder", "--out", "a", "--out", "b")]
    [InlineData("yesterday: a time such as", "audit", "export", "--from", "yesterday")]
    [InlineData("'fine' not recognized", "health", "fine")]
    [InlineData("'serve-me'", "check", "serve-me")]
    [InlineData("'--Other:Key=1'", "migrate", "--Other:Key=1")]
    [InlineData("--HSENet:Dicom:Port needs a value", "serve", "--HSENet:Dicom:Port")]
    [InlineData("--HSENet needs a key and a value", "check", "--HSENet")]
    [InlineData("--HSENet needs a key and a value", "check", "--HSENet", "--HSENet:Roles=none")]
    [InlineData("--HSENet needs a key and a value", "check", "--HSENet:=none")]
    public async Task Wrong_usage_is_two_lines_and_exit_code_2(string told, params string[] arguments)
    {
        var (code, output, error) = await RunAsync(arguments);
        Assert.Equal((2, ""), (code, output));
        var lines = error.TrimEnd('\n').Split('\n');
        Assert.Equal(2, lines.Length);
        Assert.StartsWith("wrong usage: ", lines[0], StringComparison.Ordinal);
        Assert.Contains(told == "there is no such command" ? "'dance'" : told, lines[0], StringComparison.Ordinal);
        Assert.DoesNotContain("System.", lines[0], StringComparison.Ordinal);
        Assert.Matches("^how it is used: hsenet-worker[a-z -]* --help$", lines[1]);
    }

    [Theory]
    [InlineData("check", "--HSENet:Roles=none")]
    [InlineData("check", "--hsenet:Roles", "none")]
    [InlineData("--HSENet:Roles=none", "check")]
    [InlineData("check", "--HSENet:Roles=gateway", "--HSENet:Roles=none")]
    public async Task Settings_may_be_given_in_one_argument_or_two_and_anywhere(params string[] arguments)
    {
        var (code, output, _) = await RunAsync(arguments);
        Assert.Equal(1, code);
        Assert.StartsWith("fail configuration: HSENet:Roles must name", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData]
    [InlineData("serve")]
    public async Task Without_a_command_it_serves(params string[] arguments)
    {
        var (code, _, error) = await RunAsync([.. arguments, .. NoServe]);
        Assert.Equal(1, code);
        Assert.StartsWith("error configuration.invalid: HSENet:Roles", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("serve")]
    [InlineData("migrate")]
    [InlineData("jobs", "list")]
    [InlineData("jobs", "show", "0199aaaa")]
    [InlineData("jobs", "retry", "0199aaaa")]
    [InlineData("jobs", "cancel", "0199aaaa")]
    [InlineData("jobs", "dead-letters")]
    [InlineData("jobs", "schedules")]
    [InlineData("studies", "show", "1.2.3")]
    [InlineData("audit", "verify")]
    [InlineData("audit", "export")]
    public async Task A_database_that_does_not_answer_is_told_the_same_way_by_every_command(params string[] arguments)
    {
        const string nobody = "Host=127.0.0.1;Port=1;Database=x;Username=x;Password=x;Timeout=2";
        var (code, output, error) = await RunAsync(
            [.. arguments, $"--HSENet:Database:ConnectionString={nobody}", $"--HSENet:Database:MigrationConnectionString={nobody}", "--HSENet:Web:Url="]);
        Assert.Equal((1, ""), (code, output));
        Assert.StartsWith("error database.unreachable: ", error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd('\n').Split('\n'));
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await CommandLine.RunAsync(arguments, output, error);
        return (code, output.ToString(), error.ToString());
    }
}
