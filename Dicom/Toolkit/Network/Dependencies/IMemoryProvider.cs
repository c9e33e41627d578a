namespace FellowOakDicom.Memory;

/// <summary>Lends memory.</summary>
public interface IMemoryProvider
{
    IMemory Provide(int length);
}
