using System.Text.RegularExpressions;
using FellowOakDicom;
using FellowOakDicom.Network;
using HSENet.Dicom.Files;
using HSENet.Dicom.Receiving;
using HSENet.TestKit;

namespace HSENet.Dicom.Tests.Documents;

/// <summary>What the conformance statement promises is what the receiver negotiates.</summary>
public sealed partial class ConformanceStatementTests
{
    private static readonly string s_text = File.ReadAllText(Repo.Path("deploy", "docs", "conformance.md"));

    [Fact]
    public void Its_SOP_classes_are_those_that_are_accepted()
    {
        var stated = Uids("SOP classes: stored");
        Assert.Equal(AssociationPolicy.StorageClasses.Order(), stated.Order());
        Assert.All(stated, sopClass => Assert.Equal(
            DicomPresentationContextResult.Accept, Negotiated(sopClass, DicomTransferSyntax.ExplicitVRLittleEndian).Result));
    }

    [Fact]
    public void Its_transfer_syntaxes_are_those_that_are_accepted_and_the_readable_ones_come_first()
    {
        var (read, stored) = (Uids("transfer syntaxes: read"), Uids("transfer syntaxes: stored"));
        Assert.Equal((9, 4), (read.Count, stored.Count));
        Assert.All(read.Concat(stored), uid => Assert.Equal(
            DicomPresentationContextResult.Accept, Negotiated("1.2.840.10008.5.1.4.1.1.2", DicomTransferSyntax.Parse(uid)).Result));
        Assert.All(stored, uid => Assert.Equal(
            read[0], Negotiated("1.2.840.10008.5.1.4.1.1.2", DicomTransferSyntax.Parse(uid), DicomTransferSyntax.Parse(read[0])).AcceptedTransferSyntax?.UID.UID));
        Assert.Equal(
            DicomPresentationContextResult.RejectTransferSyntaxesNotSupported,
            Negotiated("1.2.840.10008.5.1.4.1.1.2", DicomTransferSyntax.Parse("1.2.840.10008.1.2.4.100")).Result);
    }

    [Fact]
    public void Its_numbers_are_those_of_the_code()
    {
        var options = new StoreScpOptions { AeTitle = "A", BindAddress = "127.0.0.1", Port = 0 };
        Assert.Contains($"`{ImplementationIdentity.ClassUid}`, implementation version `{ImplementationIdentity.VersionName}`", s_text, StringComparison.Ordinal);
        Assert.Contains($"| {options.MaximumPduLength} bytes; longer ones are aborted |", s_text, StringComparison.Ordinal);
        Assert.Contains($"aborted after {options.IdleTimeout.TotalSeconds} s", s_text, StringComparison.Ordinal);
        Assert.Contains($"within {options.AssociationTimeout.TotalSeconds} s of the connection", s_text, StringComparison.Ordinal);
        Assert.Contains($"{options.Limits.Connections} connections", s_text, StringComparison.Ordinal);
    }

    private static DicomPresentationContext Negotiated(string sopClass, params DicomTransferSyntax[] syntaxes)
    {
        var association = new DicomAssociation("A", "B");
        var context = new DicomPresentationContext(1, DicomUID.Parse(sopClass));
        foreach (var syntax in syntaxes)
            context.AddTransferSyntax(syntax);
        association.PresentationContexts.Add(context);
        AssociationPolicy.Negotiate(association);
        return context;
    }

    /// <summary>The UIDs of the table after a mark.</summary>
    private static List<string> Uids(string mark)
    {
        var start = s_text.IndexOf($"<!-- {mark} -->", StringComparison.Ordinal);
        Assert.True(start >= 0, mark);
        var table = s_text[start..].Split("\n\n")[0];
        return [.. Uid().Matches(table).Select(match => match.Value)];
    }

    [GeneratedRegex(@"\b1\.2\.840\.10008[.0-9]+")]
    private static partial Regex Uid();
}
