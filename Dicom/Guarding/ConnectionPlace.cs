namespace HSENet.Dicom.Guarding;

/// <summary>What one connection holds a place for.</summary>
/// <param name="Address">Of its peer.</param>
/// <param name="IsSettled">Whether it has come to an association: it keeps its place then.</param>
/// <param name="Displace">Closes it.</param>
internal sealed record ConnectionPlace(string Address, Func<bool> IsSettled, Action Displace)
{
    /// <summary>For whom the place counts.</summary>
    public string Holder { get; } = AddressHolder.Of(Address);
}
