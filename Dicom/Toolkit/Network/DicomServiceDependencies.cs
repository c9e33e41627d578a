using FellowOakDicom.Imaging.Codec;
using FellowOakDicom.Memory;
using Microsoft.Extensions.Logging;

namespace FellowOakDicom.Network;

/// <summary>What a <see cref="DicomService"/> needs of its host. Handed over by dependency injection.</summary>
public class DicomServiceDependencies
{
    public DicomServiceDependencies(
        ILoggerFactory loggerFactory, INetworkManager networkManager, ITranscoderManager transcoderManager, IMemoryProvider memoryProvider)
    {
        LoggerFactory = loggerFactory;
        NetworkManager = networkManager;
        TranscoderManager = transcoderManager;
        MemoryProvider = memoryProvider;
    }

    public ILoggerFactory LoggerFactory { get; }

    public INetworkManager NetworkManager { get; }

    public ITranscoderManager TranscoderManager { get; }

    public IMemoryProvider MemoryProvider { get; }

    internal TimeProvider Time { get; init; } = TimeProvider.System;
}
