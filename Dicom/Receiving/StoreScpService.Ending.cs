namespace HSENet.Dicom.Receiving;

// How an association ends, whoever ends it.
internal sealed partial class StoreScpService
{
    /// <summary>For the receiver to record a release before it is confirmed. Senders wait ten seconds and more.</summary>
    private static readonly TimeSpan ReleaseTime = TimeSpan.FromSeconds(3);

    /// <summary>Once: drops what is unfinished, waits for a running handler, tells the receiver. Never throws.</summary>
    /// <param name="end">How it ended.</param>
    /// <param name="confirm">
    /// Tells the peer: after the receiver, for a peer that was told believes that it is known here, also when this process dies then.
    /// </param>
    private async Task EndAsync(AssociationEnd end, Func<Task>? confirm = null)
    {
        Interlocked.Exchange(ref _isClosed, 1);
        if (_association is not { } association || Interlocked.Exchange(ref _isEnding, 1) == 1)
            return;

        // what we began ends as that, whatever the closed connection says then
        if (end != AssociationEnd.Released && _ownEnd is { } own)
            end = own;
        TellEnding(TimeSpan.Zero);
        var isWithinInstance = await AbandonArrivingAsync().ConfigureAwait(false);
        await _oneAtATime.WaitAsync().ConfigureAwait(false);
        try
        {
            while (_arrived.TryDequeue(out var unanswered))
            {
                isWithinInstance = true;
                await unanswered.AbandonAsync().ConfigureAwait(false);
            }

            // a release says that all was sent (PS3.8 7.2.1): it is confirmed, and believed of nobody who asked within an instance
            if (isWithinInstance && end == AssociationEnd.Released)
                end = AssociationEnd.Aborted;
            State.Log.AssociationEnded(association.Id, end);
            var told = TellEndedAsync(association, end);
            if (confirm is not null)
                await ConfirmAsync(told, confirm).ConfigureAwait(false);
            await told.ConfigureAwait(false);
        }
        catch (Exception e)
        {
            State.Log.ReceiverFailed(e, association.Id);
        }
        finally
        {
            _oneAtATime.Release();
            State.Remove(this);
            _ended.TrySetResult();
        }
    }

    /// <summary>Whatever the receiver throws is the task's.</summary>
    private async Task TellEndedAsync(AssociationContext association, AssociationEnd end) =>
        await State.Receiver.OnAssociationEndedAsync(association, end, State.Stopping).ConfigureAwait(false);

    private async Task ConfirmAsync(Task told, Func<Task> confirm)
    {
        try
        {
            await Task.WhenAny(told, Task.Delay(ReleaseTime, State.Stopping)).ConfigureAwait(false);
            await confirm().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            State.Log.ReleaseUnconfirmed(e); // the peer has not waited for it
        }
    }

    private void TellEnding(TimeSpan silence)
    {
        if (_association is not { } association || Interlocked.Exchange(ref _isEndTold, 1) == 1)
            return;
        try
        {
            State.Receiver.OnAssociationEnding(association, silence);
        }
        catch (Exception e)
        {
            State.Log.ReceiverFailed(e, association.Id);
        }
    }
}
