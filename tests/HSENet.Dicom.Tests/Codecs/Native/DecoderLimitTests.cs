using HSENet.Dicom.Codecs.Native;
using HSENet.Dicom.Decoder;
using HSENet.Dicom.FaultyDecoder;
using HSENet.Dicom.Series;
using HSENet.TestKit;

namespace HSENet.Dicom.Tests.Codecs.Native;

/// <summary>What a library may do to a decoder process, by planted faults: the frame is refused, the reader goes on.</summary>
public sealed class DecoderLimitTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private static readonly PixelFormat Format = new(16, 16, 1, 16, 12, 11, false, "MONOCHROME2");

    private static readonly DecoderLimits Limits = new()
    {
        ProcessCount = 1,
        MemoryBytes = 256 << 20,
        FrameTime = TimeSpan.FromSeconds(30),
        Program = Path.Combine(AppContext.BaseDirectory, "HSENet.Dicom.FaultyDecoder"),
    };

    [Fact]
    public void A_decoder_without_a_fault_is_used_again()
    {
        using var pool = new DecoderPool(Limits, TimeProvider.System);
        Assert.Equal(3, Decoded(pool, Fault.None, 3));
        Assert.Equal(200, Decoded(pool, Fault.None, 200));
        Assert.Equal(new DecoderCounts(Frames: 2, Starts: 1, Deaths: 0, Timeouts: 0, Refusals: 0), pool.Counters.Now);
    }

    [Theory]
    [InlineData(nameof(Fault.Loop))]
    [InlineData(nameof(Fault.Wait))]
    public void A_frame_without_an_end_is_refused_after_its_time_in_two_processes(string fault)
    {
        using var pool = new DecoderPool(Limits with { FrameTime = TimeSpan.FromSeconds(1) }, TimeProvider.System);
        Assert.StartsWith("codec.timeout: ", Refused(pool, Enum.Parse<Fault>(fault)));
        Assert.Equal(new DecoderCounts(Frames: 0, Starts: 2, Deaths: 0, Timeouts: 2, Refusals: 1), pool.Counters.Now);
        Assert.Equal(9, Decoded(pool, Fault.None, 9));
    }

    /// <summary>A machine that was paused may have used up the time of a sound frame.</summary>
    [Fact]
    public void One_timeout_costs_one_retry()
    {
        using var pool = new DecoderPool(Limits with { FrameTime = TimeSpan.FromSeconds(10) }, TimeProvider.System);
        Assert.Equal(1, Decoded(pool, Fault.None, 1));
        Assert.Equal(2, Decoded(pool, Fault.WaitWhenUsed, 2));
        Assert.Equal(new DecoderCounts(Frames: 2, Starts: 2, Deaths: 0, Timeouts: 1, Refusals: 0), pool.Counters.Now);
    }

    [Fact]
    public void A_loop_ends_by_its_processor_time_where_no_clock_runs()
    {
        // the clock of the parent would wait for 30 s more
        using var process = DecoderProcess.Start(Limits);
        var request = new DecodeRequest(0, Codec.JpegLs, 16, 16, 16, 12, false, 2, CpuSeconds: 1);
        Assert.Null(process.Decode(request, [(byte)Fault.Loop, 0], new byte[512]));
        Assert.Equal(new DecoderEnd(IsKilled: false, DecoderExit.OutOfTime), process.End());
    }

    [Fact]
    public void Memory_without_an_end_stops_at_its_limit()
    {
        using var pool = new DecoderPool(Limits, TimeProvider.System);
        Assert.StartsWith("codec.memory: ", Refused(pool, Fault.Allocate));

        using var process = DecoderProcess.Start(Limits);
        var request = new DecodeRequest(0, Codec.JpegLs, 16, 16, 16, 12, false, 2, 30);
        var answer = process.Decode(request, [(byte)Fault.Allocate, 0], new byte[512]);
        Assert.InRange(answer!.Value.Detail, 64, 256);
    }

    [Theory]
    [InlineData(nameof(Fault.OpenForWriting))]
    [InlineData(nameof(Fault.Socket))]
    [InlineData(nameof(Fault.Fork))]
    [InlineData(nameof(Fault.Execute))]
    [InlineData(nameof(Fault.KillParent))]
    [InlineData(nameof(Fault.Trace))]
    public void What_no_decoder_does_kills_it(string fault)
    {
        using var pool = new DecoderPool(Limits, TimeProvider.System);
        var refused = Refused(pool, Enum.Parse<Fault>(fault));
        Assert.StartsWith("codec.died: ", refused);
        Assert.EndsWith("it made a system call that no decoder makes", refused);
        Assert.False(File.Exists("/tmp/hsenet-decoder-was-here"));
        Assert.Equal(new DecoderCounts(Frames: 0, Starts: 2, Deaths: 2, Timeouts: 0, Refusals: 1), pool.Counters.Now);
    }

    [Theory]
    [InlineData(nameof(Fault.Die))]
    [InlineData(nameof(Fault.Throw))]
    [InlineData(nameof(Fault.Lie))]
    public void A_frame_over_which_two_decoders_die_is_refused(string fault)
    {
        using var pool = new DecoderPool(Limits, TimeProvider.System);
        Assert.StartsWith("codec.died: ", Refused(pool, Enum.Parse<Fault>(fault)));
        Assert.Equal(new DecoderCounts(Frames: 0, Starts: 2, Deaths: 2, Timeouts: 0, Refusals: 1), pool.Counters.Now);
    }

    [Fact]
    public void One_death_costs_one_retry()
    {
        using var pool = new DecoderPool(Limits, TimeProvider.System);
        Assert.Equal(1, Decoded(pool, Fault.None, 1));
        Assert.Equal(2, Decoded(pool, Fault.DieWhenUsed, 2));
        Assert.Equal(new DecoderCounts(Frames: 2, Starts: 2, Deaths: 1, Timeouts: 0, Refusals: 0), pool.Counters.Now);
    }

    [Fact]
    public async Task A_decoder_killed_in_mid_frame_costs_one_retry()
    {
        using var pool = new DecoderPool(Limits, TimeProvider.System);
        Assert.Equal(1, Decoded(pool, Fault.None, 1));
        var id = Assert.Single(pool.IdleIds);
        var decoding = Task.Run(() => Decoded(pool, Fault.WaitWhenUsed, 5));
        await Until.TrueAsync(() => pool.IdleIds.Count == 0, Deadline, "the frame to be taken");
        System.Diagnostics.Process.GetProcessById(id).Kill();
        Assert.Equal(5, await decoding.WaitAsync(Deadline));
        Assert.Equal(new DecoderCounts(Frames: 2, Starts: 2, Deaths: 1, Timeouts: 0, Refusals: 0), pool.Counters.Now);
    }

    [Fact]
    public void A_program_that_is_absent_says_nothing_about_the_frame()
    {
        using var pool = new DecoderPool(Limits with { Program = "/nonexistent/decoder" }, TimeProvider.System);
        var error = Assert.Throws<IOException>(() => pool.Decode(Codec.JpegLs, Format, [0, 1], new byte[512]));
        Assert.Contains("cannot be started", error.Message);
    }

    private static int Decoded(DecoderPool pool, Fault fault, byte value)
    {
        var frame = new byte[512];
        Assert.Null(pool.Decode(Codec.JpegLs, Format, [(byte)fault, value], frame));
        Assert.Single(frame.Distinct());
        return frame[0];
    }

    private static string Refused(DecoderPool pool, Fault fault)
    {
        var refused = pool.Decode(Codec.JpegLs, Format, [(byte)fault, 0], new byte[512]);
        Assert.NotNull(refused);
        return refused;
    }
}
