using System.Runtime.InteropServices;

namespace HSENet.Dicom.Guarding;

/// <summary>Reads along what the toolkit writes: contexts, and answers to requests of the peer.</summary>
internal sealed class OutgoingMessages(MessageWatch watch, GuardLimits limits) : IPduSink
{
    private readonly List<byte> _command = [];

    public void OnControl(PduKind kind, ReadOnlySpan<byte> body)
    {
        if (kind == PduKind.AssociateRequest)
            watch.Contexts.TakeRequest(body);
        else if (kind == PduKind.AssociateAccept)
            watch.Contexts.TakeAccept(body);
    }

    public void OnPiece(byte context, bool isCommand, bool isLast, ReadOnlySpan<byte> piece, bool isEnd)
    {
        if (!isCommand)
            return;
        if (_command.Count + piece.Length > limits.Command)
            throw GuardFault.Invalid("a command set of ours is too long");
        _command.AddRange(piece);
        if (!isEnd || !isLast)
            return;
        var command = MessageCommand.Read(CollectionsMarshal.AsSpan(_command));
        _command.Clear();
        if (command.IsResponse)
            watch.Answered(command);
    }
}
