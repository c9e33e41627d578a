using System.Collections.Concurrent;
using HSENet.Dicom.Decoder;
using HSENet.Dicom.Series;

namespace HSENet.Dicom.Codecs.Native;

/// <summary>The decoder processes of this process: started when a frame needs one, used again, replaced when they die.</summary>
internal sealed class DecoderPool : IDisposable
{
    /// <summary>The codestream is damaged, or describes another image than the data set.</summary>
    public const string DamagedCode = "codec.damaged";

    /// <summary>The frame needed more time than <see cref="DecoderLimits.FrameTime"/> in a second process too.</summary>
    public const string TimeoutCode = "codec.timeout";

    /// <summary>The frame needed more memory than <see cref="DecoderLimits.MemoryBytes"/>.</summary>
    public const string MemoryCode = "codec.memory";

    /// <summary>Two processes died over the frame.</summary>
    public const string DiedCode = "codec.died";

    /// <summary>One that has waited for longer is not trusted with a frame: starting another takes some 50 ms.</summary>
    private static readonly TimeSpan s_longestWait = TimeSpan.FromSeconds(5);

    private readonly DecoderLimits _limits;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _places;
    private readonly ConcurrentStack<DecoderProcess> _idle = new();
    private readonly ITimer _sweep;
    private volatile bool _isDisposed;

    public DecoderPool(DecoderLimits limits, TimeProvider time)
    {
        _limits = limits;
        _time = time;
        _places = new(limits.ProcessCount);
        _sweep = time.CreateTimer(_ => EndIdle(limits.IdleTime), null, limits.IdleTime, limits.IdleTime);
    }

    public DecoderCounters Counters { get; } = new();

    /// <summary>Processes that wait for work.</summary>
    public IReadOnlyList<int> IdleIds => [.. _idle.Select(process => process.Id)];

    /// <summary>The libraries that a decoder finds now.</summary>
    /// <exception cref="IOException">No decoder can be started.</exception>
    public DecoderHello Ask()
    {
        _places.Wait();
        try
        {
            var process = Take();
            Keep(process);
            return process.Hello;
        }
        finally
        {
            _places.Release();
        }
    }

    /// <param name="codec">Of the codestream.</param>
    /// <param name="format">Of the data set; the codestream's header was judged against it.</param>
    /// <param name="codestream">Untrusted.</param>
    /// <param name="frame">Exactly the frame's bytes.</param>
    /// <returns>Null, or the code and what is wrong.</returns>
    /// <exception cref="IOException">No decoder can be started; says nothing about the frame.</exception>
    public string? Decode(Codec codec, PixelFormat format, ReadOnlySpan<byte> codestream, Span<byte> frame)
    {
        var request = new DecodeRequest(
            0, codec, format.Rows, format.Columns, format.BitsAllocated, format.BitsStored, format.IsSigned, codestream.Length,
            Math.Max(1, (int)Math.Ceiling(_limits.FrameTime.TotalSeconds)));
        if (!request.IsSound || request.FrameBytes != frame.Length)
            return Refuse($"{DamagedCode}: {format.Columns} x {format.Rows} pixels in {codestream.Length} bytes are not decoded");

        _places.Wait();
        try
        {
            // a second try: others that wait may have died of the same, and a clock goes on while a machine is paused
            return Try(Take(), request, codestream, frame, out var end)
                ?? (end is null ? null : Try(New(), request, codestream, frame, out end))
                ?? (end is null ? null : Refuse(end.Value.IsTimeout
                    ? $"{TimeoutCode}: two decoders ended over the frame, the second one after {_limits.FrameTime.TotalSeconds:0.#} s"
                    : $"{DiedCode}: two decoders ended over the frame: {DecoderStart.Explain(end.Value)}"));
        }
        finally
        {
            _places.Release();
        }
    }

    public void Dispose()
    {
        _isDisposed = true;
        _sweep.Dispose();
        EndIdle(TimeSpan.Zero);
    }

    /// <returns>The refusal, or null: then the frame is decoded, or <paramref name="death"/> tells how the process died.</returns>
    private string? Try(DecoderProcess process, DecodeRequest request, ReadOnlySpan<byte> codestream, Span<byte> frame, out DecoderEnd? death)
    {
        death = null;
        if (process.Decode(request, codestream, frame) is { } answer)
        {
            Keep(process);
            return Told(answer);
        }

        var end = process.End();
        process.Dispose();
        if (end.IsTimeout)
            Counters.Timeout();
        else
            Counters.Death();

        death = end;
        return null;
    }

    private string? Told(DecodeAnswer answer)
    {
        if (answer.Status == DecodeStatus.Done)
        {
            Counters.Frame();
            return null;
        }

        return Refuse(answer.Status switch
        {
            DecodeStatus.OtherImage => $"{DamagedCode}: the codestream holds another image than the data set describes",
            DecodeStatus.OutOfMemory => $"{MemoryCode}: the frame takes more than {_limits.MemoryBytes} bytes",
            DecodeStatus.NoLibrary => $"{DamagedCode}: no library for this codestream",
            _ => $"{DamagedCode}: the library refused the codestream ({answer.Detail})",
        });
    }

    private string Refuse(string problem)
    {
        Counters.Refusal();
        return problem;
    }

    private DecoderProcess Take()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        while (_idle.TryPop(out var idle))
        {
            if (_time.GetElapsedTime(idle.IdleSince) < s_longestWait)
                return idle;
            idle.Dispose();
        }

        return New();
    }

    private DecoderProcess New()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        Counters.Start();
        return DecoderProcess.Start(_limits);
    }

    private void Keep(DecoderProcess process)
    {
        if (!process.IsUsable || _isDisposed)
        {
            process.Dispose();
            return;
        }

        process.IdleSince = _time.GetTimestamp();
        _idle.Push(process);
        if (_isDisposed)
            EndIdle(TimeSpan.Zero);
    }

    private void EndIdle(TimeSpan after)
    {
        var idle = new DecoderProcess[Math.Max(1, _idle.Count)];
        var count = _idle.TryPopRange(idle);
        foreach (var process in idle.Take(count).Reverse())
        {
            if (_isDisposed || _time.GetElapsedTime(process.IdleSince) >= after)
                process.Dispose();
            else
                _idle.Push(process);
        }
    }
}
