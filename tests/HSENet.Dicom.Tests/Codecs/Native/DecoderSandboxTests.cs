using System.Diagnostics;
using System.Text.RegularExpressions;
using HSENet.Dicom.Codecs.Native;
using HSENet.Dicom.Decoder.Sandbox;
using HSENet.TestKit;

namespace HSENet.Dicom.Tests.Codecs.Native;

/// <summary>What a decoder process has given up before it reads its first byte.</summary>
public sealed class DecoderSandboxTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    [Fact]
    public void The_kernel_holds_its_limits()
    {
        using var process = DecoderProcess.Start(new DecoderLimits { MemoryBytes = 512 << 20 });
        var limits = File.ReadAllText($"/proc/{process.Id}/limits");
        Assert.Matches(@"Max data size +536870912 +536870912 ", limits);
        Assert.Matches(@"Max address space +\d+ +\d+ ", limits);
        Assert.Matches(@"Max file size +0 +0 ", limits);
        Assert.Matches(@"Max core file size +0 +0 ", limits);
        Assert.Matches(@"Max open files +32 +32 ", limits);
        var status = File.ReadAllText($"/proc/{process.Id}/status");
        Assert.Matches(@"(?m)^NoNewPrivs:\t1$", status);
        Assert.Matches(@"(?m)^Seccomp:\t2$", status);
        foreach (var thread in Directory.GetDirectories($"/proc/{process.Id}/task"))
            Assert.Matches(@"(?m)^Seccomp:\t2$", File.ReadAllText(Path.Combine(thread, "status")));
    }

    [Fact]
    public void It_is_small()
    {
        using var process = DecoderProcess.Start(new DecoderLimits());
        var peak = Regex.Match(File.ReadAllText($"/proc/{process.Id}/status"), @"VmHWM:\s+(\d+) kB").Groups[1].Value;
        Assert.InRange(int.Parse(peak), 1, 100 << 10);
    }

    [Fact]
    public void It_has_nothing_of_the_environment()
    {
        var names = DecoderStart.Of(new DecoderLimits()).Environment.Keys;
        Assert.All(names, name => Assert.Matches("^(DOTNET_|MALLOC_)", name));
        Assert.NotEmpty(Environment.GetEnvironmentVariables());
    }

    [Fact]
    public async Task It_dies_with_its_parent_though_its_pipe_stays_open()
    {
        using var folder = new TempFolder("decoder");
        var ready = folder.Path("ready");
        var program = Path.Combine(AppContext.BaseDirectory, "HSENet.Dicom.Decoder");
        await using var shell = ChildProcess.Start("/bin/sh", ["-c", $"sleep 600 | '{program}' $$ 1073741824 | cat >'{ready}'; true"]);
        await Until.TrueAsync(() => File.Exists(ready) && new FileInfo(ready).Length > 0, Deadline, "the decoder to wait for work");
        var children = Children(shell.Id);
        var decoder = children.Single(IsDecoder);
        try
        {
            Process.GetProcessById(shell.Id).Kill();
            await Until.TrueAsync(() => !IsDecoder(decoder), Deadline, "the end of the decoder");
        }
        finally
        {
            Process.GetProcessById(children[0]).Kill();     // sleep
        }
    }

    [Fact]
    public async Task Without_its_parent_it_does_not_start()
    {
        await using var decoder = ChildProcess.Start(Path.Combine(AppContext.BaseDirectory, "HSENet.Dicom.Decoder"), ["1", "1073741824"]);
        Assert.Equal(HSENet.Dicom.Decoder.DecoderExit.NoParent, await decoder.WaitForExitAsync(Deadline));
    }

    [Fact]
    public async Task An_unused_decoder_ends()
    {
        using var pool = new DecoderPool(new DecoderLimits { IdleTime = TimeSpan.FromMilliseconds(100) }, TimeProvider.System);
        _ = pool.Ask();
        await Until.TrueAsync(() => pool.IdleIds.Count == 0, Deadline, "the decoder to be ended");
        Assert.Equal(1, pool.Counters.Now.Starts);
        _ = pool.Ask();
        Assert.Equal(2, pool.Counters.Now.Starts);
    }

    private static int[] Children(int id)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{id}/task/{id}/children");
            return [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)];
        }
        catch (IOException)
        {
            return [];
        }
    }

    private static bool IsDecoder(int id) => Status(id).Contains("HSENet.Dicom.D", StringComparison.Ordinal);

    private static string Status(int id)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/status") is var text && !text.Contains("State:\tZ", StringComparison.Ordinal) ? text : "";
        }
        catch (IOException)
        {
            return "";
        }
    }
}
