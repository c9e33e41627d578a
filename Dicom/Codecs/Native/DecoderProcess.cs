using System.Diagnostics;
using HSENet.Dicom.Decoder;

namespace HSENet.Dicom.Codecs.Native;

/// <summary>One started decoder: requests go in, answers come out, one at a time. Nothing that it says is believed unseen.</summary>
internal sealed class DecoderProcess : IDisposable
{
    private readonly Process _process;
    private readonly Stream _input;
    private readonly Stream _output;
    private readonly Timer _deadline;
    private readonly DecoderLimits _limits;
    private uint _sequence;
    private volatile bool _isLate;
    private volatile bool _isKilled;

    private DecoderProcess(Process process, DecoderLimits limits)
    {
        _process = process;
        _limits = limits;
        _input = process.StandardInput.BaseStream;
        _output = process.StandardOutput.BaseStream;
        _deadline = new Timer(_ => Kill(isLate: true));
    }

    /// <summary>What it has.</summary>
    public DecoderHello Hello { get; private set; }

    /// <summary>The operating system's number of the process.</summary>
    public int Id => _process.Id;

    /// <summary>Since when it waits for work.</summary>
    public long IdleSince { get; set; }

    /// <exception cref="IOException">It cannot be run, or did not get ready; says nothing about any frame.</exception>
    public static DecoderProcess Start(DecoderLimits limits)
    {
        var decoder = new DecoderProcess(ProcessStarter.Start(DecoderStart.Of(limits)), limits);
        if (decoder.Greet())
            return decoder;

        var end = decoder.End();
        decoder.Dispose();
        throw new IOException($"The decoder did not get ready: {DecoderStart.Explain(end)}");
    }

    /// <returns>The answer; null when the process has ended instead, see <see cref="End"/>.</returns>
    public DecodeAnswer? Decode(DecodeRequest request, ReadOnlySpan<byte> codestream, Span<byte> frame)
    {
        Span<byte> header = stackalloc byte[DecodeRequest.HeaderBytes];
        request = request with { Sequence = ++_sequence };
        request.Write(header);
        _deadline.Change(_limits.FrameTime, Timeout.InfiniteTimeSpan);
        try
        {
            _input.Write(header);
            _input.Write(codestream);
            _input.Flush();
            var told = header[..DecodeAnswer.HeaderBytes];
            _output.ReadExactly(told);
            if (!DecodeAnswer.TryRead(told, request, out var answer))
            {
                Kill();
                return null;
            }

            _output.ReadExactly(frame[..answer.FrameBytes]);
            return answer;
        }
        catch (IOException)
        {
            return null;
        }
        finally
        {
            _deadline.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Whether it can take another request.</summary>
    public bool IsUsable => !_isKilled;

    /// <summary>Waits for the end of a process that has closed its output.</summary>
    /// <returns>How it ended: by our clock, or its exit code (128 + signal).</returns>
    public DecoderEnd End()
    {
        if (!_process.WaitForExit(TimeSpan.FromSeconds(1)))
        {
            Kill();
            _process.WaitForExit();
        }

        return new(_isLate, _process.ExitCode);
    }

    /// <summary>Ends it without regard to what it does.</summary>
    private void Kill(bool isLate = false)
    {
        _isLate |= isLate;
        _isKilled = true;
        try
        {
            _process.Kill();
        }
        catch (InvalidOperationException)
        {
            // has ended
        }
    }

    public void Dispose()
    {
        Kill();
        _deadline.Dispose();
        _process.WaitForExit();
        _process.Dispose();
    }

    private bool Greet()
    {
        Span<byte> bytes = stackalloc byte[DecoderHello.Bytes];
        _deadline.Change(_limits.StartTime, Timeout.InfiniteTimeSpan);
        try
        {
            _output.ReadExactly(bytes);
            var isKnown = DecoderHello.TryRead(bytes, out var hello);
            Hello = hello;
            return isKnown;
        }
        catch (IOException)
        {
            return false;
        }
        finally
        {
            _deadline.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }
}
