using HSENet.Dicom.Files;

namespace HSENet.Dicom.Guarding;

/// <summary>What may come on a connection.</summary>
internal abstract class MessageRules
{
    private const string StorageCommitment = "1.2.840.10008.1.20.1";

    public abstract bool Takes(PduKind kind);

    /// <exception cref="GuardFault">The message itself may not come, with a data set or without.</exception>
    public virtual void Check(MessageCommand command)
    {
    }

    /// <exception cref="GuardFault">The message itself may not come.</exception>
    public abstract DataPlan PlanFor(MessageCommand command, NegotiatedContext context);

    /// <summary>Why a data set of this context is dropped unread, where its request is answered at all.</summary>
    public static MessageRefusal RefusalIn(NegotiatedContext context) =>
        IsCommitment(context) ? MessageRefusal.NotEntitled : MessageRefusal.OtherClass;

    private static bool IsCommitment(NegotiatedContext context) =>
        context.AbstractSyntax == StorageCommitment && DataSetEncoding.Of(context.TransferSyntax) is not null;

    /// <summary>Of a peer that called us.</summary>
    /// <param name="mayAsk">Whether it is entitled to storage commitment; asked before a byte of the data set is kept.</param>
    public sealed class OfCaller(Func<bool> mayAsk) : MessageRules
    {
        public override bool Takes(PduKind kind) => kind is PduKind.AssociateRequest or PduKind.ReleaseRequest or PduKind.Abort;

        public override DataPlan PlanFor(MessageCommand command, NegotiatedContext context) => command.Field switch
        {
            MessageCommand.Store => DataPlan.Pass,
            MessageCommand.Action when IsCommitment(context) && mayAsk() => DataPlan.Hold,
            MessageCommand.EventReport when IsCommitment(context) => DataPlan.Hold,
            _ => DataPlan.Drop,
        };
    }

    /// <summary>Of a peer that we called. It has no instances for us: a toolkit would parse them.</summary>
    public sealed class OfCalled : MessageRules
    {
        public override bool Takes(PduKind kind) => kind is not (PduKind.AssociateRequest or PduKind.Data);

        /// <summary>Each "pending" gives the peer its time anew, for ever; only C-FIND has such responses among what we ask (PS3.7 9.1.2).</summary>
        public override void Check(MessageCommand command)
        {
            if (command is { IsResponse: true, Status: 0xFF00 or 0xFF01, Field: not MessageCommand.FindResponse })
                throw GuardFault.Unexpected("a pending response to a request that has one response");
        }

        public override DataPlan PlanFor(MessageCommand command, NegotiatedContext context) => command.Field switch
        {
            MessageCommand.Store => throw GuardFault.Unexpected("a C-STORE request on an association of ours"),
            MessageCommand.EventReport when IsCommitment(context) => DataPlan.Hold,
            MessageCommand.FindResponse when DataSetEncoding.Of(context.TransferSyntax) is not null => DataPlan.Hold,
            _ => DataPlan.Drop,
        };
    }
}
