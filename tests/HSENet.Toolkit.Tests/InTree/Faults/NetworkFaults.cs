namespace HSENet.Toolkit.Tests.InTree.Faults;

/// <summary>Mistakes on the network that peers would stumble over.</summary>
internal static class NetworkFaults
{
    internal static readonly SeededFault[] All =
    [
        new("Result and source of a rejection change places", "Network/Pdu/FixedPdu.cs",
            "Build(PduType.AssociateReject, (byte)result, (byte)source,", "Build(PduType.AssociateReject, (byte)source, (byte)result,",
            "Network.NegotiationWireTests"),
        new("The last fragment of a data set is not marked", "Network/Pdu/PresentationDataValue.cs",
            "(isLast ? LastBit : 0)", "(isCommand && isLast ? LastBit : 0)", "Network.NormalizedServiceTests"),
        new("A response does not name the message it answers", "Network/Dimse/CommandSet.cs",
            "command.AddOrUpdate(DicomTag.MessageIDBeingRespondedTo, request.MessageID);",
            "command.AddOrUpdate(DicomTag.MessageIDBeingRespondedTo, (ushort)1);", "Network.NormalizedServiceTests"),
        new("A response names the class where the instance belongs", "Network/Dimse/CommandSet.cs",
            "command.AddOrUpdate(DicomTag.AffectedSOPInstanceUID, instance);",
            "command.AddOrUpdate(DicomTag.AffectedSOPInstanceUID, request.SOPClassUID!);", "Network.NormalizedServiceTests"),
        new("The acceptor chooses by its own order of transfer syntaxes", "Network/DicomPresentationContext.cs",
            ": (_transferSyntaxes, acceptedTransferSyntaxes);", ": (acceptedTransferSyntaxes, _transferSyntaxes);", "Network.NegotiationWireTests"),
        new("A proposed role is ignored", "Network/Pdu/AssociatePduReader.cs",
            "context.SetRoles(user, provider);", "context.SetRoles(null, null);", "Network.RoleTests"),
        new("An asynchronous window is answered with no limit", "Network/Pdu/AssociatePdu.cs",
            "s.UInt16(ops.Invoked).UInt16(ops.Performed)", "s.UInt16(0).UInt16(0)", "Network.NegotiationWireTests"),
        new("Called and calling title change places", "Network/Pdu/AssociatePdu.cs",
            "AeTitle(association.CalledAE).AeTitle(association.CallingAE)", "AeTitle(association.CallingAE).AeTitle(association.CalledAE)",
            "Network.NegotiationWireTests"),
    ];
}
