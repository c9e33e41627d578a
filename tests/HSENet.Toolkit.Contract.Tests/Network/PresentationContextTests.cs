using System.Collections;
using FellowOakDicom;
using FellowOakDicom.Network;

namespace HSENet.Toolkit.Contract.Tests.Network;

public sealed class PresentationContextTests
{
    private static readonly DicomTransferSyntax _implicit = DicomTransferSyntax.ImplicitVRLittleEndian;
    private static readonly DicomTransferSyntax _explicit = DicomTransferSyntax.ExplicitVRLittleEndian;

    [Fact]
    public void The_requestors_order_wins_unless_the_scp_has_priority()
    {
        var context = Proposing(_implicit, _explicit);
        Assert.True(context.AcceptTransferSyntaxes(_explicit, _implicit));
        Assert.Equal(_implicit, context.AcceptedTransferSyntax);

        context = Proposing(_implicit, _explicit);
        Assert.True(context.AcceptTransferSyntaxes([_explicit, _implicit], scpPriority: true));
        Assert.Equal(_explicit, context.AcceptedTransferSyntax);
        Assert.Equal(DicomPresentationContextResult.Accept, context.Result);
    }

    [Fact]
    public void Nothing_in_common_is_refused()
    {
        var context = Proposing(DicomTransferSyntax.RLELossless);
        Assert.False(context.AcceptTransferSyntaxes(_explicit));
        Assert.Equal(DicomPresentationContextResult.RejectTransferSyntaxesNotSupported, context.Result);
        Assert.Null(context.AcceptedTransferSyntax);
    }

    [Fact]
    public void A_result_without_syntax_takes_the_first_proposed_and_a_refusal_none()
    {
        var context = Proposing(_explicit, _implicit);
        Assert.Equal(DicomPresentationContextResult.Proposed, context.Result);
        context.SetResult(DicomPresentationContextResult.Accept);
        Assert.Equal(_explicit, context.AcceptedTransferSyntax);
        context.SetResult(DicomPresentationContextResult.Accept, _implicit);
        Assert.Equal(_implicit, context.AcceptedTransferSyntax);
        context.SetResult(DicomPresentationContextResult.RejectUser, _implicit);
        Assert.Null(context.AcceptedTransferSyntax);
        Assert.Equal(1, (int)context.Result);
    }

    [Fact]
    public void A_syntax_is_listed_once()
    {
        var context = Proposing(_explicit, _implicit, _explicit);
        Assert.Equal([_explicit, _implicit], context.GetTransferSyntaxes());
    }

    [Fact]
    public void A_context_for_the_scp_role_offers_implicit_little_endian_unless_told()
    {
        var context = DicomPresentationContext.GetScpRolePresentationContext(DicomUID.CTImageStorage);
        Assert.Equal((false, true), (context.UserRole, context.ProviderRole));
        Assert.Equal([_implicit], context.GetTransferSyntaxes());
        var told = DicomPresentationContext.GetScpRolePresentationContext(DicomUID.CTImageStorage, _explicit);
        Assert.Equal([_explicit], told.GetTransferSyntaxes());
    }

    [Fact]
    public void A_collection_gives_odd_ids_and_holds_128()
    {
        var contexts = new DicomPresentationContextCollection { { DicomUID.Verification, _implicit } };
        contexts.Add(DicomUID.CTImageStorage, true, false, _explicit);
        contexts.Add(new DicomPresentationContext(7, DicomUID.CTImageStorage, null, null));
        contexts.Add(new DicomPresentationContext(5, DicomUID.Verification));
        Assert.Equal([1, 3, 5, 7], contexts.Select(c => (int)c.ID));
        Assert.Equal((true, false), (contexts[3].UserRole, contexts[3].ProviderRole));
        Assert.Equal(DicomUID.CTImageStorage, contexts[7].AbstractSyntax);
        while (contexts.Last().ID < 255)
        {
            contexts.Add(DicomUID.Verification, _implicit);
        }

        Assert.Throws<DicomNetworkException>(() => contexts.Add(DicomUID.Verification, _implicit));
        Assert.Equal(contexts.Count, ((IEnumerable)contexts).Cast<DicomPresentationContext>().Count());
    }

    private static DicomPresentationContext Proposing(params DicomTransferSyntax[] syntaxes)
    {
        var context = new DicomPresentationContext(1, DicomUID.CTImageStorage);
        Array.ForEach(syntaxes, context.AddTransferSyntax);
        return context;
    }
}
