using HSENet.Dicom.Files;

namespace HSENet.Dicom.Identity;

/// <summary>
/// What an instance says, whatever the encoding it came in: SHA-256 digests over its pixels and over the values of its header. Implicit and explicit VR, little and big
/// endian, deflated, sequences of defined and undefined length, padding, group lengths (PS3.5 7.2) and the character set of text make no difference.
/// </summary>
/// <remarks>
/// Pixels that are compressed are their fragments' bytes: the same picture compressed in another way has another digest, until <see cref="DecodedPixels"/> shows that it
/// is the same.
/// </remarks>
public sealed record InstanceMeaning
{
    private const int DigestLength = 32;

    /// <summary>Bytes of <see cref="ToBytes"/>.</summary>
    public const int Length = 5 * DigestLength;

    /// <summary>Where <see cref="Identity"/> begins in <see cref="ToBytes"/>: it is the last part.</summary>
    public const int IdentityOffset = 4 * DigestLength;

    private readonly byte[] _bytes;

    private InstanceMeaning(byte[] bytes) => _bytes = bytes;

    internal InstanceMeaning(byte[] pixels, byte[] header, byte[] report, byte[] patient, byte[] identity)
        : this([.. pixels, .. header, .. report, .. patient, .. identity])
    {
    }

    /// <summary>Of the pixel values.</summary>
    public ReadOnlySpan<byte> Pixels => Part(0);

    /// <summary>Of every attribute but the pixels.</summary>
    public ReadOnlySpan<byte> Header => Part(1);

    /// <summary>Of the attributes that a report depends on (<see cref="ReportAttributes"/>).</summary>
    public ReadOnlySpan<byte> Report => Part(2);

    /// <summary>Of the patient's ID, name, birth date and sex, and the ID's issuer.</summary>
    public ReadOnlySpan<byte> Patient => Part(3);

    /// <summary>Of Patient ID, its issuer and the birth date alone.</summary>
    public ReadOnlySpan<byte> Identity => Part(4);

    /// <summary>Reads a file that <see cref="Part10Scan"/> found sound.</summary>
    /// <returns>Null when the data set has faults that the scan let pass: then only its bytes tell what it is.</returns>
    public static InstanceMeaning? Of(Stream file, InstanceHeader header)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(header);
        using var dataSet = DataSetSource.Open(file, header);
        using var walk = new MeaningWalk(new ScanReader(dataSet.Stream), dataSet.Encoding, header.TransferSyntaxUid);
        return walk.Run(dataSet.Start, dataSet.End);
    }

    public static InstanceMeaning? FromBytes(byte[]? bytes) => bytes is { Length: Length } ? new InstanceMeaning(bytes) : null;

    /// <summary>The same but for the digest of the pixels, which is taken from an instance that has the same ones.</summary>
    public InstanceMeaning WithPixelsOf(InstanceMeaning same)
    {
        ArgumentNullException.ThrowIfNull(same);
        return WithPixels(same.Pixels);
    }

    /// <param name="digest">Of the same pixels in another encoding.</param>
    public InstanceMeaning WithPixels(ReadOnlySpan<byte> digest)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(digest.Length, DigestLength);
        return new([.. digest, .. _bytes.AsSpan(DigestLength)]);
    }

    /// <summary>For a row.</summary>
    public byte[] ToBytes() => _bytes;

    public bool Equals(InstanceMeaning? other) => other is not null && _bytes.AsSpan().SequenceEqual(other._bytes);

    public override int GetHashCode() => BitConverter.ToInt32(_bytes);

    private ReadOnlySpan<byte> Part(int index) => _bytes.AsSpan(index * DigestLength, DigestLength);
}
