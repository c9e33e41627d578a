namespace FellowOakDicom.Memory;

/// <summary>A piece of memory on loan until disposed.</summary>
public interface IMemory : IDisposable
{
    int Length { get; }

    Memory<byte> Memory { get; }
}
