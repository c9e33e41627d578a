namespace FellowOakDicom.IO;

/// <summary>The byte order of a transfer syntax.</summary>
public readonly struct Endian
{
    public static readonly Endian Little = new(false);
    public static readonly Endian Big = new(true);

    private readonly bool _isBig;

    private Endian(bool isBig) => _isBig = isBig;

    public override bool Equals(object? obj) => obj is Endian other && _isBig == other._isBig;

    public override int GetHashCode() => _isBig.GetHashCode();

    public override string ToString() => _isBig ? "Big Endian" : "Little Endian";

    public static bool operator ==(Endian left, Endian right) => left.Equals(right);

    public static bool operator !=(Endian left, Endian right) => !left.Equals(right);
}
