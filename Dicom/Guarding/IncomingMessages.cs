using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace HSENet.Dicom.Guarding;

/// <summary>
/// What the peer sends, on its way to the toolkit: sound PDUs of one value each come out of it. A command set comes out whole; an instance
/// as it comes; any other data set only when it is whole, wanted, short and flat enough, else the command comes out as one without data
/// set.
/// </summary>
internal sealed class IncomingMessages(
    MessageWatch watch, GuardLimits limits, MessageRules rules, OutputBuffer output) : IPduSink
{
    private const int HeaderSize = 6; // of a PDU, and of a value in it

    private readonly List<byte> _command = [];
    private byte _context;
    private MessageCommand? _message; // of which the data set is coming
    private DataPlan _plan;
    private HeldDataSet? _held;
    private long _unread; // bytes of a data set that is no instance

    /// <summary>A message has begun and is not whole.</summary>
    public bool IsInMessage => _message is not null || _command.Count > 0;

    /// <summary>A large data set has come out that the toolkit parses next.</summary>
    public bool HasLarge { get; private set; }

    public void LargeIsTaken() => HasLarge = false;

    public void OnControl(PduKind kind, ReadOnlySpan<byte> body)
    {
        if (!rules.Takes(kind))
            throw GuardFault.Unexpected($"a PDU of type {(byte)kind}");
        if (kind == PduKind.AssociateRequest)
            watch.Contexts.TakeRequest(body);
        else if (kind == PduKind.AssociateAccept)
            watch.Contexts.TakeAccept(body);
        EmitHeader(kind, body.Length);
        output.Write(body);
    }

    public void OnPiece(byte context, bool isCommand, bool isLast, ReadOnlySpan<byte> piece, bool isEnd)
    {
        if (isCommand == (_message is not null) || (IsInMessage && context != _context))
            throw GuardFault.Invalid("a message begins within another one, or data come without a command");
        if (isCommand)
            TakeCommand(context, isLast, piece, isEnd);
        else
            TakeData(isLast && isEnd, piece);
    }

    private void TakeCommand(byte context, bool isLast, ReadOnlySpan<byte> piece, bool isEnd)
    {
        if (_command.Count + piece.Length > limits.Command)
            throw GuardFault.Invalid($"a command set is longer than {limits.Command} bytes");
        _context = context;
        _command.AddRange(piece);
        if (!isLast || !isEnd)
            return;
        var negotiated = watch.Contexts.Find(context);
        var message = MessageCommand.Read(CommandBytes);
        rules.Check(message);
        if (!message.IsResponse)
            watch.Asked(message);
        if (!message.HasDataSet)
        {
            EmitCommand();
            return;
        }

        _unread = 0;
        _plan = rules.PlanFor(message, negotiated);
        _message = message;
        if (_plan == DataPlan.Pass)
            EmitCommand();
        else if (_plan == DataPlan.Hold)
            _held = new HeldDataSet(message.MessageId, negotiated.TransferSyntax, watch.Memory, limits);
        else
            watch.Refuse(message.MessageId, MessageRules.RefusalIn(negotiated));
    }

    private void TakeData(bool isLast, ReadOnlySpan<byte> piece)
    {
        if (_plan == DataPlan.Pass && (isLast || !piece.IsEmpty))
            EmitValue(piece, isCommand: false, isLast);
        _held?.Write(piece);
        if (_plan != DataPlan.Pass && (_unread += piece.Length) > limits.Unread)
            throw GuardFault.Invalid($"a data set that is no instance goes on after {limits.Unread} bytes");
        if (!isLast)
            return;
        var message = _message!;
        _message = null;
        if (_plan == DataPlan.Pass)
            return;
        if (_held?.Finish() is { } refusal)
        {
            watch.Refuse(message.MessageId, refusal);
            _plan = DataPlan.Drop;
        }

        if (_plan == DataPlan.Drop)
            BinaryPrimitives.WriteUInt16LittleEndian(CollectionsMarshal.AsSpan(_command)[message.DataSetTypeOffset..], MessageCommand.NoDataSet);
        EmitCommand();
        if (_plan == DataPlan.Hold)
            EmitHeld(_held!.Bytes);
        _held = null;
    }

    private void EmitHeld(ReadOnlySpan<byte> data)
    {
        HasLarge |= data.Length >= MessageMemory.Large;
        var room = limits.MaximumPduLength - HeaderSize;
        do
        {
            var count = Math.Min(room, data.Length);
            EmitValue(data[..count], isCommand: false, isLast: count == data.Length);
            data = data[count..];
        }
        while (!data.IsEmpty);
    }

    private ReadOnlySpan<byte> CommandBytes => CollectionsMarshal.AsSpan(_command);

    private void EmitCommand()
    {
        EmitValue(CommandBytes, isCommand: true, isLast: true);
        _command.Clear();
    }

    private void EmitValue(ReadOnlySpan<byte> value, bool isCommand, bool isLast)
    {
        EmitHeader(PduKind.Data, value.Length + HeaderSize);
        var header = output.GetSpan(HeaderSize);
        BinaryPrimitives.WriteInt32BigEndian(header, value.Length + 2);
        header[4] = _context;
        header[5] = (byte)((isCommand ? 1 : 0) | (isLast ? 2 : 0));
        output.Advance(HeaderSize);
        output.Write(value);
    }

    private void EmitHeader(PduKind kind, int length)
    {
        var header = output.GetSpan(HeaderSize);
        header[0] = (byte)kind;
        header[1] = 0;
        BinaryPrimitives.WriteInt32BigEndian(header[2..], length);
        output.Advance(HeaderSize);
    }
}
