namespace HSENet.Dicom.Tests.Guarding;

/// <summary>Marks tests of what no toolkit is relied on for: they also pass on the weak one (<see cref="WeakToolkitTests"/>).</summary>
internal static class SharedProtection
{
    public const string Trait = "Protection";
    public const string Shared = "shared";
}
