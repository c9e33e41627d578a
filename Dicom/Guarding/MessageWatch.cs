using System.Collections.Concurrent;
using HSENet.Dicom.Files;

namespace HSENet.Dicom.Guarding;

/// <summary>What both directions of one connection know of its messages.</summary>
internal sealed class MessageWatch(string peer, GuardLimits limits)
{
    private readonly ConcurrentDictionary<ushort, MessageRefusal> _refusals = new();
    private readonly ConcurrentDictionary<ushort, bool> _ownAnswers = new();
    private readonly Lock _lock = new();
    private int _unanswered;
    private bool _isEnded;
    private TaskCompletionSource? _room;

    public ContextTable Contexts { get; } = new();

    public HeldMemory Memory { get; } = new(limits.Memory, peer);

    /// <summary>Told of each failure that the peer is answered with and that <see cref="AnswerIsOwn"/> was not called for.</summary>
    public Action<RefusedMessage>? OnRefused { get; set; }

    /// <summary>Whether the peer is entitled to storage commitment.</summary>
    public Func<bool> MayAsk { get; set; } = () => false;

    /// <summary>Requests of the peer that have no answer yet.</summary>
    public int UnansweredCount
    {
        get
        {
            lock (_lock)
                return _unanswered;
        }
    }

    /// <summary>Why the data set of a request is not there; null: nothing is amiss. Asked once.</summary>
    public MessageRefusal? TakeRefusal(ushort message) => _refusals.TryRemove(message, out var refusal) ? refusal : null;

    public void Refuse(ushort message, MessageRefusal refusal) => _refusals[message] = refusal;

    /// <summary>Whoever answers this request tells of a failure itself.</summary>
    public void AnswerIsOwn(ushort message) => _ownAnswers[message] = true;

    /// <summary>The toolkit gets a request of the peer.</summary>
    public void Asked(MessageCommand request)
    {
        if (request.Field == MessageCommand.Cancel)
            return; // has no answer of its own
        lock (_lock)
            _unanswered++;
    }

    /// <summary>
    /// Waits while too many requests of the peer have no answer: one that asks and does not read would fill the memory with answers.
    /// </summary>
    public Task WaitForRoomAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_isEnded || _unanswered < limits.Unanswered)
                return Task.CompletedTask;
            _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _room.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>The connection is gone.</summary>
    public void End()
    {
        lock (_lock)
        {
            _isEnded = true;
            _room?.TrySetResult();
        }

        Memory.GiveAll();
    }

    /// <summary>We answer a request of the peer.</summary>
    public void Answered(MessageCommand response)
    {
        TakeAnswer(response);
        Memory.Give(response.MessageId);
        _refusals.TryRemove(response.MessageId, out _);
        var isOwn = _ownAnswers.TryRemove(response.MessageId, out _);
        if (!isOwn && response.Status is { } status && IsFailure(status))
            OnRefused?.Invoke(new RefusedMessage(response.Field, response.SopClassUid, status)
            {
                SopInstanceUid = UidText.IsUid(response.SopInstanceUid) ? response.SopInstanceUid : "",
            });
    }

    private void TakeAnswer(MessageCommand response)
    {
        if (response.Status is 0xFF00 or 0xFF01)
            return; // pending: the last one comes later
        lock (_lock)
        {
            _unanswered = Math.Max(0, _unanswered - 1);
            if (_unanswered >= limits.Unanswered)
                return;
            _room?.TrySetResult();
            _room = null;
        }
    }

    /// <summary>PS3.7 annex C: neither success, warning, pending nor cancel.</summary>
    private static bool IsFailure(ushort status) => status is not (0x0000 or 0x0001 or 0x0107 or 0x0116 or 0xFE00 or 0xFF00 or 0xFF01) && status >> 12 != 0xB;
}
