namespace HSENet.Trainer.Data;

/// <summary>Cache keys of an item.</summary>
/// <param name="Volume">Of the volume.</param>
/// <param name="Features">Of slice features that an encoder makes; null: none are made.</param>
internal sealed record CaseKeys(byte[] Volume, byte[]? Features);
