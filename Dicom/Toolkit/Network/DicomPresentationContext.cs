namespace FellowOakDicom.Network;

/// <summary>An abstract syntax with the transfer syntaxes it may travel in (PS3.8 7.1.1.13).</summary>
public class DicomPresentationContext
{
    private readonly List<DicomTransferSyntax> _transferSyntaxes = [];

    public DicomPresentationContext(byte pcid, DicomUID abstractSyntax)
        : this(pcid, abstractSyntax, null, null)
    {
    }

    /// <param name="pcid">Odd, 1 to 255.</param>
    /// <param name="abstractSyntax">SOP class.</param>
    /// <param name="userRole">Requestor as SCU; null: not negotiated (PS3.7 D.3.3.4).</param>
    /// <param name="providerRole">Requestor as SCP; null: not negotiated.</param>
    public DicomPresentationContext(byte pcid, DicomUID abstractSyntax, bool? userRole, bool? providerRole)
    {
        ArgumentNullException.ThrowIfNull(abstractSyntax);
        ID = pcid;
        AbstractSyntax = abstractSyntax;
        UserRole = userRole;
        ProviderRole = providerRole;
    }

    public byte ID { get; }

    public DicomPresentationContextResult Result { get; private set; } = DicomPresentationContextResult.Proposed;

    public DicomUID AbstractSyntax { get; }

    /// <summary>Null until the context is accepted.</summary>
    public DicomTransferSyntax? AcceptedTransferSyntax { get; private set; }

    /// <summary>
    /// Requestor as SCU: as proposed, and after the answer as accepted. Null: no role was negotiated, the requestor is the SCU (PS3.7 D.3.3.4).
    /// </summary>
    public bool? UserRole { get; private set; }

    /// <summary>Requestor as SCP: as proposed, and after the answer as accepted. Null: no role was negotiated, the acceptor is the SCP.</summary>
    public bool? ProviderRole { get; private set; }

    /// <summary>A context in which the requestor takes the SCP's part.</summary>
    public static DicomPresentationContext GetScpRolePresentationContext(DicomUID abstractSyntax, params DicomTransferSyntax[] transferSyntaxes)
    {
        ArgumentNullException.ThrowIfNull(transferSyntaxes);
        var context = new DicomPresentationContext(0, abstractSyntax, userRole: false, providerRole: true);
        if (transferSyntaxes.Length == 0)
        {
            transferSyntaxes = [DicomTransferSyntax.ImplicitVRLittleEndian];
        }

        Array.ForEach(transferSyntaxes, context.AddTransferSyntax);
        return context;
    }

    /// <summary>Sets the result; an accepted context gets the first transfer syntax proposed.</summary>
    public void SetResult(DicomPresentationContextResult result) => SetResult(result, _transferSyntaxes.FirstOrDefault()!);

    /// <summary>Sets the result; the transfer syntax counts only when it is an acceptance.</summary>
    public void SetResult(DicomPresentationContextResult result, DicomTransferSyntax acceptedTransferSyntax)
    {
        Result = result;
        AcceptedTransferSyntax = result == DicomPresentationContextResult.Accept ? acceptedTransferSyntax : null;
    }

    /// <summary>Accepts the first proposed syntax, in the requestor's order, that is among the given ones; else refuses with result 4.</summary>
    public bool AcceptTransferSyntaxes(params DicomTransferSyntax[] acceptedTransferSyntaxes) =>
        AcceptTransferSyntaxes(acceptedTransferSyntaxes, scpPriority: false);

    /// <summary>As above; with <paramref name="scpPriority"/> the order of the given syntaxes decides.</summary>
    public bool AcceptTransferSyntaxes(DicomTransferSyntax[] acceptedTransferSyntaxes, bool scpPriority)
    {
        ArgumentNullException.ThrowIfNull(acceptedTransferSyntaxes);
        var (order, among) = scpPriority
            ? ((IList<DicomTransferSyntax>)acceptedTransferSyntaxes, (IList<DicomTransferSyntax>)_transferSyntaxes)
            : (_transferSyntaxes, acceptedTransferSyntaxes);
        var chosen = order.FirstOrDefault(among.Contains);
        if (chosen is null)
        {
            SetResult(DicomPresentationContextResult.RejectTransferSyntaxesNotSupported);
            return false;
        }

        SetResult(DicomPresentationContextResult.Accept, chosen);
        return true;
    }

    /// <summary>Adds a syntax at the end of the order of preference, once.</summary>
    public void AddTransferSyntax(DicomTransferSyntax ts)
    {
        if (ts is not null && !_transferSyntaxes.Contains(ts))
        {
            _transferSyntaxes.Add(ts);
        }
    }

    /// <summary>The proposed syntaxes in order of preference.</summary>
    public IList<DicomTransferSyntax> GetTransferSyntaxes() => _transferSyntaxes.AsReadOnly();

    internal void SetRoles(bool? user, bool? provider) => (UserRole, ProviderRole) = (user, provider);
}
