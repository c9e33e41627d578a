namespace FellowOakDicom.Network.Pdu;

/// <summary>Decodes A-ASSOCIATE-RQ and -AC (PS3.8 9.3.2 and 9.3.3). Unknown items are skipped, as the standard asks.</summary>
internal static class AssociatePduReader
{
    /// <summary>What a request has beyond the association it asks for.</summary>
    public readonly record struct Extras(ushort ProtocolVersion, string ApplicationContext, bool HasAsyncOps);

    /// <summary>Reads a request into a fresh association: contexts are as proposed.</summary>
    public static DicomAssociation Request(ReadOnlySpan<byte> body, out Extras extras)
    {
        var reader = new ItemReader(body);
        var version = Head(ref reader, out var calledAe, out var callingAe);
        var association = new DicomAssociation(callingAe, calledAe);
        var applicationContext = "";
        var hasAsyncOps = false;
        while (!reader.IsAtEnd)
        {
            switch (reader.Item(out var item))
            {
                case ItemType.ApplicationContext:
                    applicationContext = item.Text();
                    break;
                case ItemType.ProposedContext:
                    association.PresentationContexts.Add(ProposedContext(ref item, association));
                    break;
                case ItemType.UserInformation:
                    hasAsyncOps |= UserInformation(ref item, association);
                    break;
            }
        }

        extras = new Extras(version, applicationContext, hasAsyncOps);
        return association;
    }

    /// <summary>Reads an acceptance into the association that was proposed.</summary>
    public static void Accept(ReadOnlySpan<byte> body, DicomAssociation association)
    {
        var reader = new ItemReader(body);
        Head(ref reader, out _, out _);
        var proposed = association.PresentationContexts.Select(c => (c.UserRole, c.ProviderRole)).ToList();
        foreach (var context in association.PresentationContexts)
        {
            context.SetRoles(null, null);
        }

        while (!reader.IsAtEnd)
        {
            switch (reader.Item(out var item))
            {
                case ItemType.ContextResult:
                    ContextResult(ref item, association);
                    break;
                case ItemType.UserInformation:
                    UserInformation(ref item, association);
                    break;
            }
        }

        foreach (var (context, (user, provider)) in association.PresentationContexts.Zip(proposed))
        {
            if (context.Result == DicomPresentationContextResult.Proposed)
            {
                context.SetResult(DicomPresentationContextResult.RejectNoReason);
            }

            // A role that was not proposed cannot be given; no answer means the defaults (PS3.7 D.3.3.4).
            if (context.UserRole is not null)
            {
                context.SetRoles(context.UserRole is true && (user ?? true), context.ProviderRole is true && provider is true);
            }
        }
    }

    private static ushort Head(ref ItemReader reader, out string calledAe, out string callingAe)
    {
        var version = reader.UInt16();
        reader.Skip(2);
        calledAe = reader.Text(16);
        callingAe = reader.Text(16);
        reader.Skip(32);
        return version;
    }

    private static DicomPresentationContext ProposedContext(ref ItemReader item, DicomAssociation association)
    {
        var id = item.Byte();
        item.Skip(3);
        if (id % 2 == 0 || association.PresentationContexts.Find(id) is not null)
        {
            throw PduException.Invalid($"Presentation context {id} is even or proposed twice");
        }

        DicomUID? abstractSyntax = null;
        var syntaxes = new List<DicomTransferSyntax>();
        while (!item.IsAtEnd)
        {
            switch (item.Item(out var part))
            {
                case ItemType.AbstractSyntax:
                    abstractSyntax = DicomUID.Parse(part.Text());
                    break;
                case ItemType.TransferSyntax:
                    syntaxes.Add(DicomTransferSyntax.Parse(part.Text()));
                    break;
            }
        }

        var context = new DicomPresentationContext(id, abstractSyntax ?? throw PduException.Invalid($"Context {id} has no abstract syntax"));
        syntaxes.ForEach(context.AddTransferSyntax);
        return context;
    }

    private static void ContextResult(ref ItemReader item, DicomAssociation association)
    {
        var id = item.Byte();
        item.Skip(1);
        var result = (DicomPresentationContextResult)item.Byte();
        item.Skip(1);
        if (association.PresentationContexts.Find(id) is not { } context)
        {
            throw PduException.Invalid($"Presentation context {id} was not proposed");
        }

        DicomTransferSyntax? syntax = null;
        while (!item.IsAtEnd)
        {
            if (item.Item(out var part) == ItemType.TransferSyntax)
            {
                syntax = DicomTransferSyntax.Parse(part.Text());
            }
        }

        if (result != DicomPresentationContextResult.Accept)
        {
            context.SetResult(Enum.IsDefined(result) ? result : DicomPresentationContextResult.RejectNoReason);
        }
        else if (syntax is not null && context.GetTransferSyntaxes().Contains(syntax))
        {
            context.SetResult(result, syntax);
        }
        else
        {
            throw PduException.Invalid($"Presentation context {id} was accepted with a transfer syntax that was not proposed");
        }
    }

    private static bool UserInformation(ref ItemReader item, DicomAssociation association)
    {
        var hasAsyncOps = false;
        while (!item.IsAtEnd)
        {
            switch (item.Item(out var part))
            {
                case ItemType.MaximumLength:
                    association.MaximumPDULength = part.UInt32();
                    break;
                case ItemType.ImplementationClass:
                    association.RemoteImplementationClassUID = DicomUID.Parse(part.Text());
                    break;
                case ItemType.ImplementationVersion:
                    association.RemoteImplementationVersion = part.Text();
                    break;
                case ItemType.AsynchronousOperations:
                    association.MaxAsyncOpsInvoked = part.UInt16();
                    association.MaxAsyncOpsPerformed = part.UInt16();
                    hasAsyncOps = true;
                    break;
                case ItemType.RoleSelection:
                    Role(ref part, association);
                    break;
            }
        }

        if (association.MaximumPDULength is > 0 and < PduLimits.SmallestPeerMaximum)
        {
            throw PduException.Invalid($"A maximum length of {association.MaximumPDULength} bytes leaves no room for data");
        }

        return hasAsyncOps;
    }

    private static void Role(ref ItemReader item, DicomAssociation association)
    {
        var abstractSyntax = DicomUID.Parse(item.Text(item.UInt16()));
        var (user, provider) = (item.Byte() == 1, item.Byte() == 1);
        foreach (var context in association.PresentationContexts.Where(c => c.AbstractSyntax == abstractSyntax))
        {
            context.SetRoles(user, provider);
        }
    }
}
