namespace HSENet.Dicom.Codecs.Native;

/// <summary>Counts of several threads.</summary>
internal sealed class DecoderCounters
{
    private long _frames;
    private long _starts;
    private long _deaths;
    private long _timeouts;
    private long _refusals;

    public DecoderCounts Now => new(
        Interlocked.Read(ref _frames),
        Interlocked.Read(ref _starts),
        Interlocked.Read(ref _deaths),
        Interlocked.Read(ref _timeouts),
        Interlocked.Read(ref _refusals));

    public void Frame() => Interlocked.Increment(ref _frames);

    public void Start() => Interlocked.Increment(ref _starts);

    public void Death() => Interlocked.Increment(ref _deaths);

    public void Timeout() => Interlocked.Increment(ref _timeouts);

    public void Refusal() => Interlocked.Increment(ref _refusals);
}
