namespace HSENet.Worker.Audit;

/// <summary>Something that is not as it was sealed.</summary>
/// <param name="Kind">
/// <c>changed</c>, <c>deleted</c>, <c>reordered</c>, <c>cut-off</c> (seals before the head kept elsewhere are gone at the end),
/// <c>rewritten</c> (the chain is another than the head's), <c>unsealed</c> (rows that the sealer has passed).
/// </param>
/// <param name="Seq">Of the seal; null where there is none.</param>
/// <param name="EventId">Of the row; null when unknown.</param>
/// <param name="Detail">For the operator; no content of rows.</param>
internal sealed record AuditFault(string Kind, long? Seq, long? EventId, string Detail)
{
    public override string ToString() =>
        $"{Kind}{(Seq is { } seq ? $" seal {seq}" : "")}{(EventId is { } id ? $" event {id}" : "")}: {Detail}";
}
