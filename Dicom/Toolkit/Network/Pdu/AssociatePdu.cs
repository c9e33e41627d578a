namespace FellowOakDicom.Network.Pdu;

/// <summary>Encodes A-ASSOCIATE-RQ and -AC (PS3.8 9.3.2 and 9.3.3).</summary>
internal static class AssociatePdu
{
    private const ushort ProtocolVersion = 1;

    /// <param name="association">Titles and proposed contexts.</param>
    /// <param name="maximumLength">What we receive, bytes.</param>
    /// <param name="asyncOps">Proposes the association's asynchronous operations window.</param>
    public static byte[] Request(DicomAssociation association, uint maximumLength, bool asyncOps) =>
        PduBuilder.Build(PduType.AssociateRequest, pdu =>
        {
            Head(pdu, association);
            foreach (var context in association.PresentationContexts)
            {
                pdu.Item(ItemType.ProposedContext, item =>
                {
                    item.Byte(context.ID).Zeros(3).Item(ItemType.AbstractSyntax, s => s.Text(context.AbstractSyntax.UID));
                    foreach (var syntax in context.GetTransferSyntaxes())
                    {
                        item.Item(ItemType.TransferSyntax, s => s.Text(syntax.UID.UID));
                    }
                });
            }

            UserInformation(
                pdu,
                maximumLength,
                asyncOps ? ((ushort)association.MaxAsyncOpsInvoked, (ushort)association.MaxAsyncOpsPerformed) : null,
                association.PresentationContexts);
        });

    /// <param name="association">Titles are echoed, contexts carry their results.</param>
    /// <param name="maximumLength">What we receive, bytes.</param>
    /// <param name="asyncOps">Answers 1/1, synchronous; only when the request had a window (PS3.7 D.3.3.3).</param>
    public static byte[] Accept(DicomAssociation association, uint maximumLength, bool asyncOps) =>
        PduBuilder.Build(PduType.AssociateAccept, pdu =>
        {
            Head(pdu, association);
            foreach (var context in association.PresentationContexts)
            {
                pdu.Item(ItemType.ContextResult, item =>
                {
                    item.Byte(context.ID).Byte(0).Byte((byte)context.Result).Byte(0);

                    // Not significant when refused, but it must be there.
                    var syntax = context.AcceptedTransferSyntax ?? DicomTransferSyntax.ImplicitVRLittleEndian;
                    item.Item(ItemType.TransferSyntax, s => s.Text(syntax.UID.UID));
                });
            }

            var accepted = association.PresentationContexts.Where(c => c.Result == DicomPresentationContextResult.Accept);
            UserInformation(pdu, maximumLength, asyncOps ? ((ushort)1, (ushort)1) : null, accepted);
        });

    private static void Head(PduBuilder pdu, DicomAssociation association) =>
        pdu.UInt16(ProtocolVersion).Zeros(2).AeTitle(association.CalledAE).AeTitle(association.CallingAE).Zeros(32)
            .Item(ItemType.ApplicationContext, item => item.Text(ItemType.DicomApplicationContext));

    private static void UserInformation(
        PduBuilder pdu, uint maximumLength, (ushort Invoked, ushort Performed)? window, IEnumerable<DicomPresentationContext> contexts) =>
        pdu.Item(ItemType.UserInformation, item =>
        {
            item.Item(ItemType.MaximumLength, s => s.UInt32(maximumLength));
            item.Item(ItemType.ImplementationClass, s => s.Text(DicomImplementation.ClassUID.UID));
            if (window is { } ops)
            {
                item.Item(ItemType.AsynchronousOperations, s => s.UInt16(ops.Invoked).UInt16(ops.Performed));
            }

            foreach (var (abstractSyntax, user, provider) in Roles(contexts))
            {
                item.Item(ItemType.RoleSelection, s => s
                    .UInt16((ushort)abstractSyntax.Length).Text(abstractSyntax).Byte(user ? (byte)1 : (byte)0).Byte(provider ? (byte)1 : (byte)0));
            }

            item.Item(ItemType.ImplementationVersion, s => s.Text(DicomImplementation.Version));
        });

    /// <summary>Roles are those of a SOP class, whatever number of contexts it has; a context that says nothing has the requestor as SCU.</summary>
    private static IEnumerable<(string AbstractSyntax, bool User, bool Provider)> Roles(IEnumerable<DicomPresentationContext> contexts) =>
        from context in contexts
        group context by context.AbstractSyntax.UID into sameClass
        where sameClass.Any(c => c.UserRole.HasValue || c.ProviderRole.HasValue)
        select (sameClass.Key, sameClass.Any(c => c.UserRole ?? !c.ProviderRole.HasValue), sameClass.Any(c => c.ProviderRole is true));
}
