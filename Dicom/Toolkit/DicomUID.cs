using System.Globalization;
using System.Numerics;

namespace FellowOakDicom;

/// <summary>A unique identifier (PS3.5 9), with the name and type of PS3.6 annex A when it is a registered one.</summary>
public sealed partial class DicomUID
{
    private const int MaximumLength = 64;

    public DicomUID(string uid, string name, DicomUidType type, bool retired = false)
    {
        UID = uid;
        Name = name;
        Type = type;
        IsRetired = retired;
    }

    public string UID { get; }

    public string Name { get; }

    public DicomUidType Type { get; }

    public bool IsRetired { get; }

    /// <summary>True for the SOP classes that store images.</summary>
    public bool IsImageStorage => StorageCategory is DicomStorageCategory.Image;

    /// <summary>Judged by the registered name; <see cref="DicomStorageCategory.None"/> for what is not a storage class.</summary>
    public DicomStorageCategory StorageCategory => UidRegistry.Categorise(this);

    /// <summary>A new UID under 2.25 (PS3.5 B.2).</summary>
    public static DicomUID Generate() => DicomUIDGenerator.GenerateDerivedFromUUID();

    /// <summary>A UID one component longer.</summary>
    /// <exception cref="DicomDataException">The result would be longer than 64 characters.</exception>
    public static DicomUID Append(DicomUID baseUid, long nextSeq)
    {
        ArgumentNullException.ThrowIfNull(baseUid);
        ArgumentOutOfRangeException.ThrowIfNegative(nextSeq);
        var uid = string.Create(CultureInfo.InvariantCulture, $"{baseUid.UID}.{nextSeq}");
        return uid.Length <= MaximumLength
            ? new DicomUID(uid, "SOP Instance UID", DicomUidType.SOPInstance)
            : throw new DicomDataException("The appended UID is longer than 64 characters");
    }

    /// <summary>1–64 characters, components of digits without leading zeros (PS3.5 9.1).</summary>
    public static bool IsValidUid(string? uid)
    {
        if (string.IsNullOrEmpty(uid) || uid.Length > MaximumLength)
        {
            return false;
        }

        foreach (var component in uid.Split('.'))
        {
            if (component.Length == 0 || (component.Length > 1 && component[0] == '0') || !component.All(char.IsAsciiDigit))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The registered UID, or an unknown one. Padding is removed; the text is not validated.</summary>
    public static DicomUID Parse(string s) => Parse(s, "Unknown", DicomUidType.Unknown);

    /// <summary>The registered UID, or one of the name and type given. Padding is removed; the text is not validated.</summary>
    public static DicomUID Parse(string s, string name = "Unknown", DicomUidType type = DicomUidType.Unknown)
    {
        ArgumentNullException.ThrowIfNull(s);
        var uid = s.TrimEnd(' ', '\0');
        return UidRegistry.Find(uid) ?? new DicomUID(uid, name, type);
    }

    public override bool Equals(object? obj) => obj is DicomUID other && UID == other.UID;

    public override int GetHashCode() => string.GetHashCode(UID, StringComparison.Ordinal);

    public override string ToString() => $"{Name} [{UID}]";

    public static bool operator ==(DicomUID? left, DicomUID? right) => left is null ? right is null : left.Equals(right);

    public static bool operator !=(DicomUID? left, DicomUID? right) => !(left == right);

    internal static DicomUID FromGuid(Guid guid)
    {
        var number = new BigInteger(guid.ToByteArray(bigEndian: true), isUnsigned: true, isBigEndian: true);
        return new DicomUID(string.Create(CultureInfo.InvariantCulture, $"2.25.{number}"), "SOP Instance UID", DicomUidType.SOPInstance);
    }

    private static DicomUID Known(string uid) => UidRegistry.Find(uid) ?? throw new InvalidOperationException($"{uid} is not in the UID table");
}
