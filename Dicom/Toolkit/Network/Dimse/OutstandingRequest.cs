namespace FellowOakDicom.Network.Dimse;

/// <summary>A request of ours that is not answered to the end, with the time that its answer may take.</summary>
internal sealed class OutstandingRequest(DicomRequest request) : IDisposable
{
    private const ushort ResponseBit = 0x8000;

    private readonly Lock _lock = new();
    private ITimer? _timer;
    private TimeSpan _limit;
    private bool _isOver;

    public DicomRequest Request => request;

    /// <summary>Starts to wait; does nothing when the answer is there already.</summary>
    public void Start(TimeProvider time, TimeSpan limit, Action<OutstandingRequest, TimeSpan> onExpired)
    {
        lock (_lock)
        {
            if (!_isOver)
            {
                _limit = limit;
                _timer = time.CreateTimer(_ => onExpired(this, limit), null, limit, Timeout.InfiniteTimeSpan);
            }
        }
    }

    /// <summary>A pending response came: the time for the next one begins.</summary>
    public void Extend()
    {
        lock (_lock)
        {
            _timer?.Change(_limit, Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isOver = true;
            _timer?.Dispose();
            _timer = null;
        }
    }

    /// <summary>Whether a response is one to this kind of request.</summary>
    public bool Fits(DicomDataset response) =>
        response.GetSingleValueOrDefault<ushort>(DicomTag.CommandField, 0) == ((ushort)request.Type | ResponseBit);
}
